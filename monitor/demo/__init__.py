"""The bundled newsroom: invented outlets on loopback, real receivers, and a report."""
