from .rules import rules as rules
