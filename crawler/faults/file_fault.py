"""What can be wrong in a file that a person wrote, and where. Values are stored: see `kinds`."""

from __future__ import annotations

from crawler.faults.fault import FaultKind


class FileFault(FaultKind):
    """What is wrong in a configuration file; parameters hold what stands there, never a secret."""

    # Where it is; what is told in such a fault has its remedy with it.
    TOLD = "told", "told"
    AT = "at", "place", "told"
    AT_COLUMN = "at-column", "column", "told"
    AT_LINE = "at-line", "line", "column", "told"
    IN_CONCEPT = "in-concept", "concept", "inside"

    # The file itself.
    FILE_MISSING = "file-missing", "error", "folder"
    FILE_UNREAD = "file-unread", "error"
    NAMED_UNREAD = "named-file-unread", "name", "error"
    NOT_UTF8 = "not-utf8"
    NAMED_NOT_UTF8 = "named-file-not-utf8", "name"
    NOT_WRITABLE = "not-writable", "error"
    CHANGED_MEANWHILE = "changed-meanwhile"

    SYSTEM_SAYS = "system-says", "said"

    # No TOML.
    TOML_SAYS = "toml-says", "said", "column"
    TOML_ENDS = "toml-ends", "said"
    OPEN_TEXT = "open-text", "quotes"
    TABLE_TWICE = "table-twice", "table"
    KEY_TWICE = "key-twice", "key"
    OPEN_MARK = "open-mark"
    CUT_BY_DOUBLE = "cut-by-double-mark", "column"
    CUT_BY_SINGLE = "cut-by-single-mark", "column"
    OPEN_LIST = "open-list", "column"
    CURLY_MARK = "curly-mark", "sign"
    NO_VALUE = "no-value"
    BARE_TEXT = "bare-text"
    ENDLESS_NUMBER = "endless-number"
    DEEP_TOML = "deep-toml"

    # Values that stand elsewhere; `shown` is what is written between the braces.
    NO_VARIABLE = "no-variable", "name", "shown"
    NO_SECRET = "no-secret-file", "file", "shown"
    SECRET_UNREAD = "secret-file-unread", "file", "error", "shown"
    SECRET_NOT_UTF8 = "secret-file-not-utf8", "file", "shown"
    SECRET_UNNAMED = "secret-file-unnamed", "file", "shown"

    # Keys and tables.
    UNKNOWN_KEY = "unknown-key", "key", "keys"
    UNKNOWN_KEY_NEAR = "unknown-key-near", "key", "near"
    NO_KEY = "key-missing", "key"
    UNKNOWN_TAG = "unknown-tag", "tag", "tags"
    UNKNOWN_TAG_NEAR = "unknown-tag-near", "tag", "near"
    ID_TWICE = "id-twice", "id", "line"

    # What a value should be.
    WANTS_LIST = "wants-list"
    WANTS_TEXT = "wants-text"
    WANTS_INTEGER = "wants-integer"
    WANTS_BOOLEAN = "wants-boolean"
    WANTS_TABLE = "wants-table"
    FEW_ITEMS = "few-items", "least"
    MANY_ITEMS = "many-items", "most"
    SHORT_TEXT = "short-text"
    LONG_TEXT = "long-text", "most"
    TOO_SMALL = "too-small", "least"
    TOO_GREAT = "too-great", "most"
    NO_CHOICE = "no-choice", "others", "last"
    ONE_CHOICE = "one-choice", "choice"
    NO_PATTERN = "no-pattern", "pattern"
    WANTS_NUMBER = "wants-number"
    PARSED_NUMBER = "parsed-number"
    BROKEN_INTEGER = "broken-integer"
    ENDLESS_VALUE = "endless-value"
    WRONG_VALUE = "wrong-value", "said"

    # Values of a form of their own.
    TOO_SHORT = "too-short", "least"
    TOO_LONG = "too-long", "most"
    NO_DURATION = "no-duration", "value"
    NO_TIME = "no-time-of-day", "value"
    NO_KEEPING = "no-keeping-time", "value"
    NO_ID = "no-id", "value"
    NO_ADDRESS = "no-web-address"
    LOGIN_OF_SOURCE = "login-in-source"
    LOGIN_OF_PAGE = "login-in-page"
    LOGIN_OF_PING = "login-in-ping"
    LOGIN_OF_CHANNEL = "login-in-channel"
    NO_CREDENTIALS = "no-credentials"
    NO_HEADER = "no-header-text"
    NO_PROXY = "no-proxy"
    NO_NETWORK = "no-network", "value"
    WIDE_NETWORK = "wide-network", "value"
    NO_ZONE = "no-time-zone", "value"
    NO_FILE_NAME = "no-file-name", "value"
    IS_FOLDER = "is-folder", "value", "example"
    NO_FOLDER = "no-folder", "value"
    NO_STAMP_CERTIFICATE = "no-stamp-certificate"
    NO_STAMP_LIBRARY = "no-stamp-library"
    NO_ORDINARY_FILE = "no-ordinary-file", "value"
    SHORTER_THAN_EVERY = "shorter-than-every"
    SECTION_SELECTORS = "section-selectors"

    # The page, the log and being watched.
    NOT_LISTENING = "page-not-listening", "place", "error"
    PAGE_BUG = "page-bug", "bug"
    NO_LISTENING = "no-listening-address", "value"
    NO_HASH = "no-password-hash"
    HALF_PROXY = "half-proxy"
    OPEN_PAGE = "open-page"
    NO_PART = "no-program-part", "value", "parts", "last"
    TOO_OFTEN = "too-often"
