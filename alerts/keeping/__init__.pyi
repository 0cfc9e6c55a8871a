from .ageing import (
    drop_attempts as drop_attempts,
    drop_decisions as drop_decisions,
    drop_editions as drop_editions,
    drop_messages as drop_messages,
    drop_seen as drop_seen,
    old_attempts as old_attempts,
    old_decisions as old_decisions,
    old_editions as old_editions,
    old_messages as old_messages,
)
from .forgetting import forget_told as forget_told
