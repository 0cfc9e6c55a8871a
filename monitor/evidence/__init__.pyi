from .keeping import (
    EvidenceThread as EvidenceThread,
    evidence_folder as evidence_folder,
    keep_evidence as keep_evidence,
)
