"""Work on what came from outside, in a process of its own: limited, shut in, and easily ended."""

from .process import Helper, HelperDiedError, HelperError, HelperTimeoutError

__all__ = ["Helper", "HelperDiedError", "HelperError", "HelperTimeoutError"]
