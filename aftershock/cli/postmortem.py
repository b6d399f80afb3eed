"""``aftershock postmortem``: begin a write-up."""

from __future__ import annotations

import typer

from aftershock.cli.options import Dataset
from aftershock.cli.verdict import Incident
from aftershock.output.terminal import say
from aftershock.schema.errors import AftershockError, UsageError

postmortem = typer.Typer(no_args_is_help=True, help="Write-ups of incidents, in the dataset's postmortems/ folder.")


@postmortem.command("new", epilog="Example: aftershock postmortem new data/mine INC-104")
def new(dataset: Dataset, incident: Incident) -> None:
    """Begin the write-up of an incident: timeline and suspects filled in, questions for what only people know.

    It becomes postmortems/ID.md in the dataset's folder; one that exists is left alone. The report joins both.
    """
    from aftershock import attribute, load
    from aftershock.dataset.writeups import WRITEUPS
    from aftershock.output.file_names import file_name
    from aftershock.output.files import write_new
    from aftershock.reports.notebook_parameters import check_incident
    from aftershock.reports.postmortem_template import template
    from aftershock.schema.input_files import resolved

    loaded = load(dataset)
    check_incident(loaded, incident)
    path = loaded.folder / WRITEUPS / f"{file_name(incident)}.md"
    if not resolved(path.parent).is_relative_to(resolved(loaded.folder)):
        raise UsageError(f"{path.parent} is a link that leads out of the dataset; replace it by a folder of its own")
    if path.exists():
        raise UsageError(f"{path} exists already and is left as it is; remove or rename it to begin anew")
    text = template(attribute(loaded), incident)
    try:
        path.parent.mkdir(exist_ok=True)
        write_new(path, text)
    except FileExistsError:
        raise UsageError(f"{path} was made meanwhile and is left as it is") from None
    except OSError as error:
        raise AftershockError(
            f"cannot write {path}: {error.strerror}. Choose a dataset's folder that you may write to."
        ) from error
    say(f"written: {path}")
