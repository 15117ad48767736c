"""Tells people by e-mail what changed for their organisations. To be run after each publication, or monthly."""

from typing import Any

from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError, CommandParser

from farr.portal.commentary.digest import Target, letter, news_for, tell
from farr.portal.people.models import User
from farr.portal.settings import FARR
from farr.portal.trail.recording import trail
from farr.portal.trail.trail import Event, What


class Command(BaseCommand):
    help = "E-mails everybody what changed for their organisations since they were last told. No figure is in it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Print what would be sent; send nothing, and remember nothing")

    def handle(self, *args: Any, dry_run: bool = False, **options: Any) -> None:
        sent, failed, unread = 0, 0, set[Target]()
        for user in User.objects.filter(is_active=True).prefetch_related("assignments").order_by("pk"):
            news = news_for(user, unread)
            told = any(each.changes for each in news)
            if dry_run:
                if told:
                    self.stdout.write(f"To {user.email}:\n{letter(user, news)}\n")
            elif told and not self._send(user, letter(user, news)):
                failed += 1
                continue
            else:
                tell(user, news)
            sent += told
        self.stdout.write(f"{'Would send' if dry_run else 'Sent'} {sent} e-mail{'' if sent == 1 else 's'}.")
        if missing := len({(each.level, each.organisation) for each in unread}):
            self.stdout.write(f"Nothing could be read of {missing} organisation{'' if missing == 1 else 's'}; look at a page of theirs.")
        if failed:
            raise CommandError(f"{failed} could not be sent; they are told next time: check mail_host in portal.toml, and run it again")

    def _send(self, user: User, text: str) -> bool:
        """Whether it went. That it is sent is written down before; of a failure nothing is said but that it was one."""
        trail().record(Event(what=What.TOLD, user=user.pk, name=user.email, about="digest"))
        try:
            send_mail(f"{FARR.name}: what changed for your organisations", text, None, [user.email])
        except OSError:  # of which smtplib's errors are kinds
            return False
        return True
