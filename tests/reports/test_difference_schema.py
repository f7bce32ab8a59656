from jsonschema import Draft202012Validator
from reports.diff_samples import SAMPLES

from harness.reports.difference_json import difference_document
from harness.reports.difference_schema import difference_schema


def test_an_object_may_grow() -> None:
    whole = difference_document(SAMPLES["same"](), 0, "0.1.0", everything=False)
    whole["new"] = 1
    Draft202012Validator(difference_schema()).validate(whole)
