from .keeping import (
    EvidenceThread as EvidenceThread,
    ask_authority as ask_authority,
    evidence_folder as evidence_folder,
    keep_evidence as keep_evidence,
    old_evidence as old_evidence,
    software as software,
    stamp_evidence as stamp_evidence,
)
