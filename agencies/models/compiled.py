from collections.abc import Mapping
from typing import Any

from django.db import connection, models
from django.db.models.expressions import RawSQL


def compiled(model: type[models.Model], **columns: Any) -> Mapping[str, RawSQL]:
    """Annotations of a model's rows as Django writes them, for a caller that keeps them.

    Putting a subquery together takes longer than finding what it asks for. These are written once
    and fit any query that begins with the model, as long as they name columns of the row itself and
    join nothing outside; nothing in them may depend on who asks.
    """
    compiler = model._default_manager.annotate(**columns).query.get_compiler(connection=connection)
    compiler.pre_sql_setup()
    return {
        name: RawSQL(sql, params, output_field=expression.output_field)  # noqa: S611 - Django's own
        for expression, (sql, params), name in compiler.select
        if name in columns
    }
