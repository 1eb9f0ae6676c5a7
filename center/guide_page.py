"""The page behind a guide's QR code: the very list that the station showed, from the same code and release."""

from collections.abc import Iterator

from center import html
from kiosk.catalog.guide import guide_code, merge, read_guide_code
from kiosk.catalog.model import Answer, Checklist, Material, MaterialKind, Package, Release
from kiosk.text import Language
from kiosk.wording import Wording

_KINDS = {
    MaterialKind.ORIGINAL: "原件",
    MaterialKind.COPY: "复印件",
    MaterialKind.LICENCE: "证照",
    MaterialKind.FORM: "现场填",
}


class GuidePages:
    """Makes guide pages."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def page(self, release: Release, code: str) -> bytes | None:
        """Return the page of a guide code, in any case of letters; None when no station has made such a code."""
        try:
            package, answers, language = read_guide_code(release.packages, code.upper())
        except ValueError:
            return None
        checklist = merge(package, {material.id: material for material in release.materials}, answers)
        body = _Guide(self._wording, language).body(package, checklist, release)
        return html.page(language, package.name.in_(language), body, self._others(package, answers))

    def missing(self, language: Language) -> bytes:
        """Return the page that says that there is no such list."""
        words = self._wording.say(language, "没有这张清单。请重新扫码，或到大厅窗口问。")
        return html.page(language, words, [html.tag("p", html.text(words))], [])

    def _others(self, package: Package, answers: tuple[Answer, ...]) -> list[tuple[Language, str]]:
        return [(language, f"/g/{guide_code(package, answers, language).lower()}") for language in Language]


class _Guide:
    """Says things in the page's language."""

    def __init__(self, wording: Wording, language: Language) -> None:
        self._wording = wording
        self._language = language

    def body(self, package: Package, checklist: Checklist, release: Release) -> Iterator[str]:
        language = self._language
        yield html.tag("h1", html.text(package.name.in_(language)))
        if checklist.blocked:
            yield self._paragraph(self._say("这一件不适用您的情况"), css="note")
            yield self._paragraph(checklist.blocked.in_(language))
            return
        yield self._paragraph(
            self._say("分开办 {before} 份，一起办只要 {now} 份", before=checklist.before, now=checklist.now)
        )
        yield html.tag("h2", html.text(self._say("您要带的材料")))
        yield html.tag(
            "ul",
            *(html.box(one.name.in_(language), self._remark(one)) for one in checklist.bring),
            *self._form(checklist),
        )
        if checklist.fetched:
            yield self._paragraph(self._say("* 可电子调取"))
        yield from self._not_carried("中途产生，不用带：", checklist.on_the_way)
        yield from self._not_carried("单位之间转递，不用带：", checklist.sent)
        for remark in checklist.remarks:
            yield self._paragraph(remark.in_(language), css="note")
        yield html.tag("h2", html.text(self._say("怎么办")))
        yield html.tag("ol", *(html.tag("li", html.text(step.in_(language))) for step in package.steps))
        yield html.tag("h2", html.text(self._say("哪些单位")))
        yield self._paragraph(self._comma().join(one.in_(language) for one in package.departments))
        if package.note:
            yield self._paragraph(package.note.in_(language))
        if package.reference_only:
            yield self._paragraph(self._say("仅供参考，以窗口为准"), css="note")
        yield self._paragraph(
            self._say("按公开资料整理（{date}版），没有逐条核对，以窗口为准。", date=release.built.isoformat())
        )

    def _form(self, checklist: Checklist) -> Iterator[str]:
        forms = checklist.forms
        if forms:
            joint = self._say("合并申请表（{forms}合1）", forms=len(forms))
            name = joint if len(forms) > 1 else forms[0].name.in_(self._language)
            yield html.box(name, self._say(_KINDS[MaterialKind.FORM]))

    def _not_carried(self, why: str, materials: tuple[Material, ...]) -> Iterator[str]:
        if materials:
            yield self._paragraph(
                self._say(why) + self._comma().join(one.name.in_(self._language) for one in materials)
            )

    def _remark(self, material: Material) -> str:
        kind = self._say(_KINDS[material.kind]) + "*" * material.electronic
        note = material.note.in_(self._language)
        return f"{kind} {note}" if note else kind

    def _comma(self) -> str:
        return ", " if self._language is Language.EN else "、"

    def _paragraph(self, words: str, css: str = "") -> str:
        return html.tag("p", html.text(words), css=css)

    def _say(self, sentence: str, **values: object) -> str:
        return self._wording.say(self._language, sentence, **values)
