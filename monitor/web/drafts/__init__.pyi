from .backtest_page import BacktestPage as BacktestPage
from .rule_editor import RuleEditor as RuleEditor
from .trial import Trials as Trials
