from typing import Any

from wtforms import FileField as FileField

class FileAllowed:
    def __init__(self, upload_set: Any, message: Any = ...) -> None: ...

class FileRequired:
    def __init__(self, message: Any = ...) -> None: ...
