"""Calls of tests about the items of a dataset."""

import httpx

from tests.platform.conftest import Account


def push(ada: Account, dataset: str, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = ada.http.post(f"datasets/{dataset}/items", content=body.encode(), headers=headers)
    assert answer.status_code == 201, answer.text


def get(ada: Account, dataset: str, query: str) -> httpx.Response:
    answer = ada.http.get(f"datasets/{dataset}/items?{query}")
    assert answer.status_code == 200, answer.text
    return answer
