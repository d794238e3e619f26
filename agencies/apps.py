from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from agencies.ids import remember_ids


class AgenciesConfig(AppConfig):
    name = "agencies"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        remember_ids()
        # Whatever an app has on the timetable stands in its tasks.py.
        autodiscover_modules("tasks")
        import_module("agencies.backup_checks")
        import_module("agencies.key_checks")
        import_module("agencies.password_checks")
        # The library of second factors tells of each that is added, used or removed.
        import_module("agencies.domain.second_factor")
        import_module("agencies.domain.entrances")
