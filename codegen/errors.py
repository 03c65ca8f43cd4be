"""The errors that codegen raises on purpose: one base class, one child per kind of cause."""


class CodegenError(Exception):
    """Base of all errors a user can cause; the command line turns it into exit code 2."""


class UnsafeModel(CodegenError):
    """A model file holds something that is not plain data, or breaks a limit; nothing was run."""


class InvalidModel(CodegenError):
    """A model was read, but its values make no sense (unfitted, shapes apart, indices outside)."""


class UnsupportedModel(CodegenError):
    """The model is sound, but has no faithful C form; the message says what to do instead."""


class InvalidInput(CodegenError):
    """An option, a name, or the data given beside the model is wrong."""


class ToolchainError(CodegenError):
    """The C compiler or the emulator failed on code that codegen made."""
