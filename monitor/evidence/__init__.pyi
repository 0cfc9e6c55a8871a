from .authority import ask_authority as ask_authority
from .keeping import (
    EvidenceThread as EvidenceThread,
    evidence_folder as evidence_folder,
    keep_evidence as keep_evidence,
    old_evidence as old_evidence,
    software as software,
    stamp_evidence as stamp_evidence,
)
