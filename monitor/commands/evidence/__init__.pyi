from .evidence import evidence as evidence
