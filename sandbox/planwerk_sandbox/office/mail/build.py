"""Build the mail of an office from a seed and a scale, when somebody first looks at it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from planwerk_sandbox.office.dice import Dice
from planwerk_sandbox.office.facts import Facts
from planwerk_sandbox.office.mail import contacts, occasions, people, threads
from planwerk_sandbox.office.mail.labels import add_labels
from planwerk_sandbox.office.mail.mail import Mail

if TYPE_CHECKING:
    from planwerk_sandbox.office import Office

_CONVERSATIONS = 1_500


class LazyMail:
    """The mail of an office, built at first use from what the office was at the beginning."""

    def __init__(self, office: Office, seed: int, scale: float) -> None:
        self.clock = office.clock
        self._facts = Facts.of(office)
        self._seed = seed
        self._scale = scale

    @cached_property
    def mail(self) -> Mail:
        """The mail itself; the same seed and scale give the same rows everywhere.

        A scale of 1.0 is about 1 500 conversations, 6 000 messages and 2 500 comments.
        """
        # Another generator than the office's, so that neither half moves the other's rows.
        dice, mail = Dice(self._seed + 0x4D15_51FE), Mail(self.clock)
        people.add_people(mail, dice, self._facts)
        groups = add_labels(mail, dice, self._facts)
        partners = people.partners(mail, dice, self._facts)
        contacts.add_contacts(mail, dice, partners)
        contacts.add_responses(mail, dice)
        count = max(round(_CONVERSATIONS * self._scale), 40)
        writer = threads.ThreadWriter(mail, dice, self._facts, groups, partners)
        occasions.add_everyday(writer, count)
        occasions.add_special(writer, count)
        return mail
