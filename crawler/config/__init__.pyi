from .desk import (
    LogSettings as LogSettings,
    Settings as Settings,
    WebSettings as WebSettings,
    load_settings as load_settings,
)
from .files import (
    BackupSettings as BackupSettings,
    CrawlSettings as CrawlSettings,
    Duration as Duration,
    EvidenceSettings as EvidenceSettings,
    FirstRun as FirstRun,
    Identifier as Identifier,
    Keep as Keep,
    NetworkSettings as NetworkSettings,
    StoreSettings as StoreSettings,
    TimeOfDay as TimeOfDay,
    check_address as check_address,
    duration_of as duration_of,
    is_identifier as is_identifier,
    load_sources as load_sources,
    repeated_ids as repeated_ids,
)
from .placeholders import (
    file_bytes as file_bytes,
    placeholder_value as placeholder_value,
    plain_toml as plain_toml,
)
from .positions import lines_of as lines_of
from .ranges import (
    Network as Network,
    between as between,
)
from .toml import (
    Table as Table,
    TomlFile as TomlFile,
    choice_fault as choice_fault,
    fault as fault,
    read_toml as read_toml,
    toml_of as toml_of,
    validated as validated,
)
