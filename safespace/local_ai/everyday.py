# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sentences about everyday things, in several languages: what a question is not about.

How alike a model finds them to a question tells how alike it finds things that have nothing in
common, which differs from model to model (`likeness`).
"""

from typing import Final

SENTENCES: Final = (
    "The train left the station a few minutes late.",
    "She painted the kitchen door in a dark green.",
    "Add a pinch of salt and stir until it boils.",
    "The band played three more songs after the break.",
    "A cold wind came down from the mountains.",
    "He scored twice in the second half.",
    "Der Bäcker an der Ecke macht um sieben auf.",
    "Im Wald roch es nach Regen und Pilzen.",
    "Die Brücke wurde im letzten Jahrhundert gebaut.",
    "Sie lernte als Kind Klavier spielen.",
    "Le marché a lieu le samedi matin sur la place.",
    "Le chat dort sur le rebord de la fenêtre.",
    "La lumière tombait doucement sur les collines.",
    "Il a réparé le vélo de son voisin.",
    "El barco llegó al puerto al amanecer.",
    "Los niños jugaban al balón en la playa.",
    "La novela cuenta la vida de tres hermanas.",
    "Compramos tomates y pan para la cena.",
    "Il treno per Milano parte dal binario tre.",
    "De tulpen bloeien dit jaar vroeg.",
    "В саду созрели первые яблоки.",
    "公园里的樱花都开了。",
    "昨日は友だちと映画を見ました。",
    "ฝนตกหนักเมื่อคืนนี้",
)
