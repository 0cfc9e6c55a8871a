from .matrix_config import MatrixConfig as MatrixConfig
