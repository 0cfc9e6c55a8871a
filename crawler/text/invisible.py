"""Characters that nobody sees, in one table, and the sets that each user of text removes.

Each name is a part of a set in a regular expression: `re.compile(f"[{CONTROLS}{TURNING}]+")`.
"""

# C0 and C1 controls, without the tab and the ends of lines.
CONTROLS = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
# What ends a line for some program: LF, CR, VT, FF, NEL, line and paragraph separator.
LINE_ENDS = "\n\r\x0b\x0c\x85\u2028\u2029"
# Marks that change the direction of writing, and six deprecated ones for the shape of letters.
TURNING = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
# Characters without width and without meaning to a reader: soft hyphen, Mongolian vowel separator,
# zero-width space, word joiner, the invisible operators of mathematics, byte order mark.
ZERO_WIDTH = "\xad\u180e\u200b\u2060-\u2064\ufeff"
# These join or separate letters and emoji. In Persian they belong to the spelling.
JOINERS = "\u034f\u200c\u200d"
# These say how a character is drawn, not which one it is.
SELECTORS = "\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef"
# Invisible letters, which can carry a second text within the text.
TAGS = "\U000e0000-\U000e007f"
# Anchors of annotations, noncharacters, and lone surrogates.
NO_CHARACTERS = "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"

# Removed from all text and addresses that come in or go out: none of it is meant for a reader.
UNWANTED = CONTROLS + TURNING + ZERO_WIDTH + TAGS + NO_CHARACTERS
# Removed before words are compared, including how letters are joined and drawn. Controls stay:
# they separate words.
UNREAD = TURNING + ZERO_WIDTH + JOINERS + SELECTORS + TAGS
# Replaced one by one in what a terminal shows, so that the positions of hits stay right. Characters
# without width do no harm there; tab and LF are wanted.
COMMANDING = CONTROLS + LINE_ENDS.replace("\n", "") + TURNING + TAGS + NO_CHARACTERS
