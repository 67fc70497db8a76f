"""One editor as the templates see it: a field of the form, or a part of a sub-form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

from django.forms.utils import flatatt
from django.utils.safestring import SafeString

from console.forms import jsontext
from console.forms.editors import CHECKBOX, JSON, NUMBER, TEXT_LINE, Editor, effective
from console.forms.editors_guard import SECRET
from console.forms.editors_rows import element
from console.forms.editors_special import UNITS, date_kind
from console.forms.editors_sub import child_raws, editor_of
from console.forms.fields import usual_editor
from console.forms.names import part
from console.forms.patterns import browser_pattern, is_checkable
from console.forms.schema import MISSING, Spec
from console.forms.validate import is_number, said

Choices = Mapping[str, tuple[tuple[str, str], ...]]  # (id, label) by kind of storage
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
PROXY_MODES = (("none", "None"), ("auto", "Automatic"), ("groups", "Groups"), ("own", "Own"))
FIGURE = re.compile(r"-?\d{1,400}(\.\d{1,400})?([eE][+-]?\d{1,3})?", re.ASCII)
ROW_CELLS = {
    "forms/strings.html": 1,
    "forms/files.html": 1,
    "forms/pairs.html": 2,
    "forms/sources.html": 6,
}
GROUPS = frozenset({*ROW_CELLS, *(f"forms/{each}.html" for each in (
    "checks", "date", "proxy", "object", "objects",
))})  # fmt: skip
MAIN_KEYS = {"requestListSources": "URL", "globs": "Glob", "pseudoUrls": "Pseudo-URL"}


@dataclass(frozen=True)
class View:
    """`raw` is what the editor shows, `was` the value that the form began with.

    `may_need` is off where an empty field is no fault.
    """

    spec: Spec
    raw: Any
    name: str
    editor: Editor
    errors: tuple[str, ...] = ()
    choices: Choices = field(default_factory=dict)
    upload_url: str = ""
    is_changed: bool = False
    was: Any = MISSING
    may_need: bool = True

    @property
    def template(self) -> str:
        return self.editor.template

    @property
    def dom_id(self) -> str:
        return "f-" + re.sub(r"[^0-9A-Za-z_-]", lambda found: f"_{ord(found[0]):x}", self.name)

    @property
    def bare(self) -> "View":
        """Without the box for null."""
        if self.editor.inner is None:
            return self
        return replace(self, raw=self.raw[0], editor=self.editor.inner, may_need=False)

    @property
    def is_null(self) -> bool:
        return self.editor.inner is not None and bool(self.raw[1])

    @property
    def is_kept(self) -> bool:
        """Whether there is a secret that stays unless it is replaced."""
        return self.editor is SECRET and self.was is not MISSING

    @property
    def shape(self) -> str:
        """How label and control stand together: toggle, group or single."""
        if self.bare.editor is CHECKBOX:
            return "toggle"
        return "group" if self.bare.template in GROUPS else "single"

    @property
    def described(self) -> str:
        """Ids of what describes the control: its help, its notes, its errors."""
        parts = {
            "help": self.spec.description or self.spec.example,
            "note": self.note,
            "error": self.errors,
        }
        return " ".join(f"{self.dom_id}-{name}" for name, there in parts.items() if there)

    @property
    def attrs(self) -> SafeString:
        """Of the one control of the editor."""
        found = {
            "id": self.dom_id,
            "name": self.name,
            "aria-describedby": self.described or None,
            "aria-invalid": "true" if self.errors else None,
            "required": self.may_need and self.spec.is_needed and not self.is_kept,
            **self.bounds(),
        }
        return flatatt({key: value for key, value in found.items() if value is not None})

    def bounds(self) -> dict[str, Any]:
        """What the browser can check before sending; the server checks all of it again."""
        raw = self.spec.raw
        if self.editor is NUMBER:
            least, most = raw.get("minimum"), raw.get("maximum")
            is_whole = self.spec.type == "integer" and (not is_number(least) or least == int(least))
            default = self.spec.default
            return {
                "type": "number" if self.raw == "" or is_figure(self.raw) else "text",
                "step": "1" if is_whole else "any",
                "min": str(least) if is_number(least) else None,
                "max": str(most) if is_number(most) else None,
                "placeholder": jsontext.compact(default) if is_number(default) else None,
            }
        least = raw.get("minLength")
        found = {"minlength": str(int(least)) if is_number(least) and least > 0 else None}
        pattern = browser_pattern(raw.get("pattern")) if self.editor is TEXT_LINE else ""
        if pattern:
            found |= {"pattern": pattern, "title": said(self.spec, "pattern", "")}
        return found

    @property
    def note(self) -> str:
        """Why the field is not what the schema says."""
        pattern = self.spec.raw.get("pattern")
        if isinstance(pattern, str) and not is_checkable(pattern):
            return "The pattern of this field cannot be checked here. The Actor may check it."
        usual = usual_editor(self.spec)
        if self.editor is JSON and usual is not JSON:
            return "This value does not fit the field's own editor, so it is shown as JSON."
        if self.editor is JSON and self.spec.editor != "json":
            return f"The editor {self.spec.editor[:40]} is not known here, so this is JSON."
        return ""

    @property
    def suggestions(self) -> list[tuple[str, str]]:
        return [*self.spec.options(), *self.choices.get(self.spec.resource, ())]

    @property
    def is_optional(self) -> bool:
        """Said only where it is not plain from a value or a default."""
        return self.spec.default is MISSING and not self.spec.required

    @property
    def proxy_groups(self) -> tuple[tuple[str, str], ...]:
        return self.choices.get("proxyGroup", ())

    @property
    def stores(self) -> tuple[tuple[str, str], ...]:
        """Where a file may be put."""
        return self.choices.get("keyValueStore", ())

    @property
    def options(self) -> list[tuple[str, str]]:
        """Of a select; a value that the schema does not offer is shown all the same."""
        known = [(f"={value}", label) for value, label in self.spec.options()]
        is_foreign = bool(self.raw) and self.raw not in dict(known)
        return [*known, (self.raw, self.raw[1:])] if is_foreign else known

    @property
    def check_options(self) -> list[tuple[str, str]]:
        known = [(f"={value}", label) for value, label in self.spec.options()]
        offered = {value for value, _ in known}
        return known + [(value, value[1:]) for value in self.raw if value not in offered]

    @property
    def unset_label(self) -> str:
        """What choosing nothing means."""
        default = self.spec.default
        label = dict(self.spec.options()).get(default) if isinstance(default, str) else None
        return f"Not set: {label}" if label else "Choose" if self.spec.required else "Not set"

    units = UNITS
    proxy_modes = PROXY_MODES

    @property
    def date_kind(self) -> str:
        return date_kind(self.spec)

    @property
    def main_key(self) -> str:
        return MAIN_KEYS.get(self.spec.editor, "")

    def rows(self) -> list[tuple[int, str, tuple[str, ...]]]:
        """(number, origin, cells) of each row, and an empty one to type into."""
        blank = ("",) * (1 + ROW_CELLS[self.template])
        return [(n, row[0], tuple(row[1:])) for n, row in enumerate([*self.raw, blank])]

    def methods(self) -> tuple[str, ...]:
        """Those of HTTP, and whatever stands in the rows already."""
        return tuple(dict.fromkeys([*METHODS, *(row[3] for row in self.raw if row[3])]))

    def parts(self) -> list["View"]:
        return self._children(self.raw, self.name, effective(self.spec, self.was))

    def subforms(self) -> list[tuple[int, str, list["View"]]]:
        """(number, origin, its editors) of each row, and an empty one."""
        blank = ("", *child_raws(self.spec, MISSING))
        was = effective(self.spec, self.was)
        return [
            (n, row[0], self._children(row[1:], f"{self.name}.{n}", element(was, row[0])))
            for n, row in enumerate([*self.raw, blank])
        ]

    def _children(self, raws: Any, name: str, was: Any) -> list["View"]:
        known = was if isinstance(was, dict) else {}
        return [
            View(
                child,
                raw,
                f"{name}.{part(child.key)}",
                editor_of(child),
                choices=self.choices,
                upload_url=self.upload_url,
                was=known.get(child.key, MISSING),
                may_need=False,
            )
            for child, raw in zip(self.spec.children, raws, strict=True)
            if not child.is_hidden
        ]


def is_figure(text: str) -> bool:
    """Whether a number field of a browser takes it, rather than showing itself empty."""
    return FIGURE.fullmatch(text) is not None and isfinite(float(text))
