"""A contract that import-linter lacks: a list of what may be imported, not of what may not."""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class OnlyContract(Contract):
    """`modules` and all below it import the standard library and `allowed`, nothing else."""

    modules = fields.StringField()
    allowed = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        root = str(self.modules)
        inside = {root} | graph.find_descendants(root)
        found = sorted(
            f"{importer} -> {imported}"
            for importer in inside
            for imported in graph.find_modules_directly_imported_by(importer)
            if not self._may(imported)
        )
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for line in check.metadata["found"]:
            output.print_error(line)

    def _may(self, imported: str) -> bool:
        if imported.partition(".")[0] in sys.stdlib_module_names:
            return True
        return any(imported == name or imported.startswith(f"{name}.") for name in self.allowed)  # type: ignore[attr-defined]  # the field's descriptor is untyped
