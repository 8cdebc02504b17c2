"""A client of evaluation's API in Python: `client.evaluation.Evaluation`, made from the API's own description."""
