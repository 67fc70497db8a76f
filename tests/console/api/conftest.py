from tests.console.api.executing import execute, fake

__all__ = ["execute", "fake"]
