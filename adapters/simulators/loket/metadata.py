"""Key lists of coded fields. Loket publishes only a few of them; the rest are invented and no client may rely on them.

Published: gender 1 and 2, country keys NL 530 and BE 540, wage types, period types, end reason 8, unit 4 months.
"""

from collections.abc import Iterable, Mapping
from typing import Any

Option = dict[str, Any]


def _numbered(*values: str) -> tuple[Option, ...]:
    return tuple({"key": key, "value": value} for key, value in enumerate(values, start=1))


COUNTRIES: tuple[Option, ...] = tuple(
    {"key": key, "value": value, "isoCode": iso}
    for key, value, iso in (
        (530, "Nederland", "NL"),
        (540, "België", "BE"),
        (541, "Luxemburg", "LU"),
        (542, "Duitsland", "DE"),
        (543, "Frankrijk", "FR"),
        (544, "Verenigd Koninkrijk", "GB"),
        (545, "Spanje", "ES"),
        (546, "Portugal", "PT"),
        (547, "Italië", "IT"),
        (548, "Polen", "PL"),
        (549, "Roemenië", "RO"),
        (550, "Ierland", "IE"),
        (551, "Oostenrijk", "AT"),
        (552, "Zwitserland", "CH"),
        (553, "Denemarken", "DK"),
        (554, "Zweden", "SE"),
        (555, "Turkije", "TR"),
        (556, "Marokko", "MA"),
        (557, "Verenigde Staten van Amerika", "US"),
    )
)

OPTIONS: dict[str, tuple[Option, ...]] = {
    "country": COUNTRIES,
    "gender": _numbered("Man", "Vrouw"),
    "civilStatus": _numbered("Ongehuwd", "Gehuwd", "Gescheiden", "Weduwe / weduwnaar", "Samenwonend"),
    "nationality": _numbered("Nederlandse", "Belgische", "Duitse", "Poolse", "Overig"),
    "title": _numbered("dhr.", "mevr.", "drs.", "ir.", "mr.", "dr."),
    "howToFormatLastName": _numbered(
        "Eigen naam", "Naam partner", "Eigen naam - naam partner", "Naam partner - eigen naam"
    ),
    "typeOfDocument": _numbered("Paspoort", "Identiteitskaart", "Verblijfsdocument"),
    "furtherIndication": _numbered("Woonwagen", "Woonboot"),
    "wageType": _numbered("Periodeloon", "Uurloon"),
    "payrollPeriodType": (
        {"key": 1, "value": "Maand"},
        {"key": 3, "value": "4 weken"},
        {"key": 4, "value": "Week"},
    ),
    "employmentDurationType": _numbered("Onbepaalde tijd", "Bepaalde tijd"),
    "typeOfEmployee": _numbered("Werknemer", "Stagiair", "Directeur-grootaandeelhouder"),
    "exemptionInsuranceObligation": _numbered("Geen", "Wel"),
    "temporaryTaxExemption": _numbered("Geen", "Wel"),
    "employmentCategoryType": _numbered("Regulier", "Transitievergoeding"),
    "cancellationPeriodTimeUnit": ({"key": 1, "value": "Dagen"}, {"key": 4, "value": "Maanden"}),
    "endOfEmploymentReason": ({"key": 1, "value": "Pensioen"}, {"key": 8, "value": "Overig"}),
    "endOfEmploymentReasonTaxAuthorities": _numbered(
        "Einde door werknemer", "Einde door werkgever", "Einde van rechtswege", "Overlijden"
    ),
    "payslipType": _numbered("Normaal", "Regulier", "Correctie"),
}

EMPLOYEE_FIELDS = (
    "gender",
    "civilStatus",
    "nationality",
    "title",
    "howToFormatLastName",
    "country",
    "typeOfDocument",
    "furtherIndication",
)
WAGE_FIELDS = ("wageType",)
CONCEPT_FIELDS = EMPLOYEE_FIELDS
CONCEPT_EMPLOYMENT_FIELDS = ("employmentDurationType", "typeOfEmployee", "exemptionInsuranceObligation", "wageType")
EMPLOYMENT_FIELDS = (
    "employmentDurationType",
    "typeOfEmployee",
    "exemptionInsuranceObligation",
    "temporaryTaxExemption",
    "cancellationPeriodTimeUnit",
    "endOfEmploymentReason",
    "endOfEmploymentReasonTaxAuthorities",
)
_NAMES_IN_ANSWER = {"wageType": ("grossWageType", "netWageType", "employerCostsType")}

PAYROLL_COMPONENTS: tuple[Option, ...] = tuple(
    {
        "key": key,
        "description": description,
        "category": {"key": category, "value": {1: "Loon", 2: "Netto", 3: "Uren"}[category]},
        "deductionOrPayment": {"key": 2 if deduction else 1, "value": "Inhouding" if deduction else "Betaling"},
        "canBeSupplemented": supplement,
        "isCollectiveMutationPossible": True,
    }
    for key, description, category, deduction, supplement in (
        (284, "Reiskosten", 2, False, False),
        (300, "Toeslag", 1, False, True),
        (310, "Pensioenbijdr", 2, True, False),
        (372, "Bonus", 1, False, True),
        (380, "Overuren", 3, False, True),
        (900, "Nettoloon", 2, False, False),
    )
)
NET_WAGE_COMPONENT = 900


def find_option(options: str, key: object) -> Option | None:
    return next((option for option in OPTIONS.get(options, ()) if option["key"] == key), None)


def fields_with_options(
    names: Iterable[str], extra: Mapping[str, Iterable[Option]] | None = None
) -> list[dict[str, Any]]:
    """The published shape: one entry a field, with its options."""
    listed = {name: OPTIONS[name] for name in names} | dict(extra or {})
    return [
        {"field": field, "options": list(options)}
        for name, options in listed.items()
        for field in _NAMES_IN_ANSWER.get(name, (name,))
    ]
