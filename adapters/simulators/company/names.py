"""Dutch names, streets and cities to make people up from, all within Loket's limits."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FEMALE_NAMES = _words(
    "Anouk Sanne Femke Lotte Fleur Maud Eva Iris Noor Roos Marieke Saskia Wietske Joke Ingrid Yara Fatima Zoë Renée "
    "Chloé Anne-Fleur Marijke Esra Liesbeth"
)
MALE_NAMES = _words(
    "Jan Pieter Daan Bram Sem Thijs Ruben Jasper Koen Gijs Wouter Joost Sjoerd Mohammed Noël René Tygo Hendrik Willem "
    "Bas Jan-Willem Youssef Cem Maarten"
)
LAST_NAMES: tuple[tuple[str | None, str], ...] = (
    *((None, name) for name in _words("Jansen Visser Bakker Smit Meijer Mulder Bos Vermeer Hendriks Dekker Brouwer")),
    *((None, name) for name in _words("Dijkstra Peters Kuipers Willems Postma Özdemir Yılmaz Aydin Bouzid Schröder")),
    *(("de", name) for name in _words("Vries Jong Groot Boer Wit Haan Graaf Bruijn")),
    *(("van", name) for name in _words("Dijk Leeuwen Dam Vliet Beek Loon Wijk Heemstra-Wassenaar")),
    *(("van der", name) for name in _words("Meer Linden Velde Heijden Laan")),
    *(("van den", name) for name in _words("Berg Broek Bosch Brink")),
    *((("van 't", "Hof"), ("in 't", "Veld"), ("ter", "Horst"), ("op de", "Beek"), (None, "Bakker-van der Meulen"))),
)
"""Prefix and last name."""

STREETS = (
    *("Dorpsstraat", "Kerkstraat", "Molenweg", "Stationsplein", "Julianalaan", "Beatrixstraat", "Wilgenlaan"),
    *("Prins Hendrikkade", "Nieuwezijds Voorburgwal", "Oude Gracht", "Lange Voorhout", "'s-Gravelandseweg"),
    *("Burg. van Tuyllkade", "Singel", "Havenstraat", "Eikenlaan", "Plein 1944", "2e Jan Steenstraat"),
)
CITIES = (
    *("Amsterdam", "Utrecht", "Rotterdam", "'s-Gravenhage", "Eindhoven", "Groningen", "'s-Hertogenbosch", "Zwolle"),
    *("Breda", "Nijmegen", "Leeuwarden", "Maastricht", "Alphen aan den Rijn", "Bergen op Zoom", "Sint Annaparochie"),
)
