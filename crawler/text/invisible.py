"""Characters that are written and not seen: one table, and what each reader of text does with it.

The names are parts of a regular expression's set: `re.compile(f"[{CONTROLS}{TURNING}]+")`.
"""

# C0 and C1 controls; tab and the ends of lines are apart.
CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
# What ends a line for some program: LF, CR, VT, FF, NEL, line and paragraph separator.
LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"
# Marks that turn the direction of writing, and the six that were once meant to shape it.
TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
# Without width and without a meaning to a reader: soft hyphen, Mongolian vowel separator,
# zero-width space, word joiner, the invisible operators of mathematics, byte order mark.
ZERO_WIDTH = "\xad\u180e\u200b\u2060-\u2064\ufeff"
# Letters and emoji are joined or parted by these: in Persian they are spelling.
JOINERS = "\u034f\u200c\u200d"
# How a character is drawn, and not which it is.
SELECTORS = "\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Letters that nobody sees: a second text within the text.
TAGS = "\U000e0000-\U000e007f"
# Anchors of annotations, noncharacters, and halves of pairs.
NO_CHARACTERS = "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"

# Taken out of what is read, sent and linked to: none of it is ever meant for a reader.
UNWANTED = CONTROLS + TURNING + ZERO_WIDTH + TAGS + NO_CHARACTERS
# Taken out where words are compared, the way letters are joined and drawn included. Controls are
# not: they part words.
UNREAD = TURNING + ZERO_WIDTH + JOINERS + SELECTORS + TAGS
# Replaced, one by one, in what a terminal shows: the places of hits stay. What has no width does
# no harm there; tab and LF are wanted.
COMMANDING = CONTROLS + LINE_ENDS.replace("\n", "") + TURNING + TAGS + NO_CHARACTERS
