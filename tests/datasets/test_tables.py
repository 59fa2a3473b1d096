"""A table is read as it is meant, what was decided about it is said, and what is wrong with it is named."""

import gzip
import json
import pickle
import zipfile
from io import BytesIO

import numpy as np
import pytest

from course_lib import datasets
from course_lib.datasets import Table, csv_files, load_table

REGRESSION = {"task": "regression"}
INDEX = "the column '' numbers the rows and was left out"
SEMICOLONS, TABS = "values separated by semicolons", "values separated by tabs"


def write(path, content):
    if isinstance(content, str):
        content = content.encode()
        content = gzip.compress(content, mtime=0) if path.suffix.lower() == ".gz" else content
    path.write_bytes(content)
    return path


# ---- what is read: the file, its content, the options, and the x, y, columns and notes that it must give


def read(name, content, x, y, *, columns=None, notes=(), file="own.csv", **options):
    columns = columns or tuple(f"column {j}" for j in range(1, len(x[0]) + 2))
    return pytest.param(file, content, options, x, y, columns, tuple(notes), id=name)


AB = ("a", "b", "label")
READ = [
    read("no-header", "1,2.5,0\n-3,4e-1,1\n", [[1, 2.5], [-3, 0.4]], [0, 1]),
    read("header", "a,b,label\n1,2.5,0\n-3,4e-1,1\n", [[1, 2.5], [-3, 0.4]], [0, 1], columns=AB),
    read("gzip", "1,2.5,0\n-3,4e-1,1\n", [[1, 2.5], [-3, 0.4]], [0, 1], file="own.csv.gz"),
    read("gzip-header", "a,b,label\n1,2,0\n", [[1, 2]], [0], columns=AB, file="OWN.CSV.GZ"),
    read(
        "spreadsheet",
        '\ufeff"a" , "label"\r\n"1", 0\r\n\r\n2,1\r\n\r\n',
        [[1], [2]],
        [0, 1],
        columns=("a", "label"),
    ),
    read("regression", "1,2.5\n2,3.5\n", [[1], [2]], [[2.5], [3.5]], **REGRESSION),
    read("spellings", "+1,.5,2.,1E2,0\n", [[1, 0.5, 2, 100]], [0]),
    read("name-over-two-lines", '"a\n(mm)",label\n1,0\n', [[1]], [0], columns=("a\n(mm)", "label")),
    read("no-last-line-end", "1,0\n2,1", [[1], [2]], [0, 1]),
    read("carriage-returns", "1,2,0\r3,4,1\r", [[1, 2], [3, 4]], [0, 1]),
    read("tabs-around-commas", "1,\t2,\t0\n3,\t4,\t1\n", [[1, 2], [3, 4]], [0, 1]),
    # classes
    read("savetxt-label", "1,0.000000000000000000e+00\n2,1.000000000000000000e+00\n", [[1], [2]], [0, 1]),
    read("classes-from-1", "5,1\n6,3\n7,2\n", [[5], [6], [7]], [1, 3, 2], notes=["no sample is of class 0"]),
    read("letter-26", "5,26\n", [[5]], [26], notes=["26 of the classes 0 to 26 have no sample"]),
    read("largest-class", "5,999\n", [[5]], [999], notes=["999 of the classes 0 to 999 have no sample"]),
    read("many-classes", "".join(f"7,{i}\n" for i in range(1500)), [[7]] * 1500, list(range(1500))),
    read("date-as-quantity", "1,20240131\n2,1e19\n", [[1], [2]], [[20240131], [1e19]], **REGRESSION),
    # the index
    read(
        "pandas-index", ",a,b,label\n0,5,6,1\n1,7,8,0\n", [[5, 6], [7, 8]], [1, 0], columns=AB, notes=[INDEX]
    ),
    read(
        "r-index",
        '"","a","label"\n"1",5,1\n"2",6,0\n',
        [[5], [6]],
        [1, 0],
        columns=("a", "label"),
        notes=[INDEX],
    ),
    read(
        "r-short-header",
        '"a","label"\n"1",5,1\n"2",6,0\n',
        [[5], [6]],
        [1, 0],
        columns=("a", "label"),
        notes=[INDEX],
    ),
    read(
        "pandas-index-twice",
        ",Unnamed: 0,a,label\n0,0,5,1\n1,1,6,0\n",
        [[5], [6]],
        [1, 0],
        columns=("a", "label"),
        notes=[INDEX, "the column 'Unnamed: 0' numbers the rows and was left out"],
    ),
    read(
        "pandas-index-without-names",
        ",0,1,2\n0,5,6,1\n1,7,8,0\n",
        [[5, 6], [7, 8]],
        [1, 0],
        columns=("0", "1", "2"),
        notes=["line 1 counts the columns from 0 and was taken as their names", INDEX],
    ),
    read(
        "id",
        "Id,a,label\n1,5,0\n2,6,0\n3,7,1\n",
        [[1, 5], [2, 6], [3, 7]],
        [0, 0, 1],
        columns=("Id", "a", "label"),
        notes=["the column 'Id' numbers the rows and was kept as a feature"],
    ),
    read(
        "counted-feature",
        "x,y\n0,5\n1,7\n2,9\n",
        [[0], [1], [2]],
        [[5], [7], [9]],
        columns=("x", "y"),
        **REGRESSION,
    ),
    # the header
    read(
        "header-of-numbers-given",
        "0,1,2\n5,6,1\n7,8,0\n",
        [[5, 6], [7, 8]],
        [1, 0],
        columns=("0", "1", "2"),
        header=True,
    ),
    read("no-header-of-numbers", "0,1,2\n1,2,1\n5,3,0\n", [[0, 1], [1, 2], [5, 3]], [2, 1, 0], header=False),
    read(
        "not-gate",
        "0,1\n1,0\n",
        [[0], [1]],
        [1, 0],
        notes=["line 1 counts the columns and was taken as a sample"],
    ),
    read(
        "header-from-1",
        "1,2,3\n5,6,7\n",
        [[1, 2], [5, 6]],
        [[3], [7]],
        notes=["line 1 counts the columns and was taken as a sample"],
        **REGRESSION,
    ),
    read(
        "header-of-words-and-numbers",
        "0,1,label\n5,6,0\n",
        [[5, 6]],
        [0],
        columns=("0", "1", "label"),
        header=True,
    ),
    read("sodium", "Na,Mg,Type\n13,4,0\n", [[13, 4]], [0], columns=("Na", "Mg", "Type")),
    read("na-is-a-name", "NA,b,label\n1,2,0\n", [[1, 2]], [0], columns=("NA", "b", "label"), header=True),
    read("savetxt-header", "# a,b,label\n1,2,0\n", [[1, 2]], [0], columns=("# a", "b", "label")),
    read("sample-like-names", "0,1\n0,1\n5,0\n", [[0], [5]], [1, 0], columns=("0", "1"), header=True),
    # separators and decimals
    read("semicolons", "1;2;0\n3;4;1\n", [[1, 2], [3, 4]], [0, 1], notes=[SEMICOLONS]),
    read(
        "decimal-commas",
        "a;b;label\n1,5;-2,25;0\n3;4,5E+03;1\n",
        [[1.5, -2.25], [3, 4500]],
        [0, 1],
        columns=AB,
        notes=[f"{SEMICOLONS}, decimal commas"],
    ),
    read(
        "quoted-semicolons",
        '"1,5";"-2,5";"0"\n',
        [[1.5, -2.5]],
        [0],
        notes=[f"{SEMICOLONS}, decimal commas"],
    ),
    read(
        "labels-with-commas",
        "0,5;1,0\n0,25;0,0\n",
        [[0.5], [0.25]],
        [1, 0],
        notes=[f"{SEMICOLONS}, decimal commas"],
    ),
    read("semicolons-points", "1.5;2;0\n", [[1.5, 2]], [0], notes=[f"{SEMICOLONS}, decimal points"]),
    read("tabs", "1.5\t2\t0\n", [[1.5, 2]], [0], notes=[f"{TABS}, decimal points"]),
    read(
        "tabs-commas",
        "1,5\t2\t0\n3,5\t4\t1\n",
        [[1.5, 2], [3.5, 4]],
        [0, 1],
        notes=[f"{TABS}, decimal commas"],
    ),
    read(
        "quoted-decimal-commas",
        '"1,5","-2,5",0\n"3,5",4,1\n',
        [[1.5, -2.5], [3.5, 4]],
        [0, 1],
        notes=["values separated by commas, decimal commas"],
    ),
    read(
        "commas-in-names",
        "size, cm;weight, kg;label\n1,5;2,5;0\n",
        [[1.5, 2.5]],
        [0],
        columns=("size, cm", "weight, kg", "label"),
        notes=[f"{SEMICOLONS}, decimal commas"],
    ),
    read("semicolons-in-names", "a;b,c;d,label\n1,2,0\n", [[1, 2]], [0], columns=("a;b", "c;d", "label")),
    read(
        "three-decimals-of-a-half",
        "0,500;1\n1,234;0\n",
        [[0.5], [1.234]],
        [1, 0],
        notes=[f"{SEMICOLONS}, decimal commas"],
    ),
    read("comma-given", "1,234;0\n", [[1.234]], [0], notes=[f"{SEMICOLONS}, decimal commas"], decimal=","),
    read("point-given", "1.234;0\n", [[1.234]], [0], notes=[f"{SEMICOLONS}, decimal points"], decimal="."),
    read("three-decimals-between-commas", "1.234,5.678,0\n", [[1.234, 5.678]], [0]),
    # encodings and empty lines
    read(
        "utf-16",
        "größe\tlabel\r\n1,5\t0\r\n".encode("utf-16"),
        [[1.5]],
        [0],
        columns=("größe", "label"),
        notes=[f"{TABS}, decimal commas", "the text is UTF-16"],
    ),
    read(
        "line-of-separators",
        "1,2,0\n,,\n3,4,1\n",
        [[1, 2], [3, 4]],
        [0, 1],
        notes=["line 2 holds separators alone and was left out"],
    ),
    read(
        "lines-of-separators",
        ",,\n1,2,0\n,,\n",
        [[1, 2]],
        [0],
        notes=["2 lines hold separators alone and were left out"],
    ),
]


@pytest.mark.parametrize(("file", "content", "options", "x", "y", "columns", "notes"), READ)
def test_what_is_plain_is_read_and_what_was_decided_is_said(
    tmp_path, file, content, options, x, y, columns, notes
):
    table = load_table(write(tmp_path / file, content), **options)
    assert table.x.tolist() == x
    assert table.y.tolist() == y
    assert table.columns == columns
    assert table.notes == notes
    assert (table.x.dtype, table.y.dtype) == (np.float64, np.float64 if "task" in options else np.int64)


def test_notes_stand_in_the_representation(tmp_path):
    assert repr(load_table(write(tmp_path / "own.csv", "1,2,0\n"))) == "Table('own', 1 samples of 2 features)"
    table = load_table(write(tmp_path / "own.csv", ";a;label\n0;5,5;1\n"))
    assert str(table) == (
        "Table('own', 1 samples of 1 features; values separated by semicolons, decimal commas; "
        "the column '' numbers the rows and was left out; no sample is of class 0)"
    )


def test_the_tables_of_the_course_leave_nothing_to_say():
    for table in (datasets.load_digits(), datasets.load_diabetes()):
        assert table.notes == ()
    assert repr(datasets.load_digits()) == "Table('digits', 1797 samples of 64 features)"
    assert load_table(datasets.bundled.DATA / "sunspots.csv", task="regression").notes == ()


# ---- what is refused: the file, its content, the options, and the words that the error must hold


def refused(name, content, *words, file="own.csv", **options):
    return pytest.param(file, content, options, words, id=name)


def at(line, column):
    return f"line {line}, column 'column {column}': "


def zipped(content):
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("own.csv", content)
    return file.getvalue()


GZIPPED = gzip.compress(b"1,0\n2,1\n" * 500, mtime=0)
NO_ROWS = "must hold rows of two or more numbers with commas, semicolons or tabs between"
MISSING = "stands for a missing value; fill it in"
REFUSED = [
    # values
    refused("empty-cell", "a,b,label\n1,2,0\n1,,0\n", "line 3, column 'b': the value is missing"),
    refused("empty-label", "1,2,0\n1,2,\n", f"{at(2, 3)}the value is missing"),
    refused("word", "a,label\n1,0\nx,0\n", "line 3, column 'a': 'x' is not a finite number"),
    refused("word-as-label", "1,0\n1,cat\n", f"{at(2, 2)}'cat'", "number the classes 0, 1, 2"),
    refused(
        "words-alone",
        "color,label\nred,cat\n",
        "line 2: no number, but 'red', 'cat'",
        "give each word a number",
    ),
    refused("nan", "1,0\nnan,0\n", f"{at(2, 1)}'nan' {MISSING}"),
    refused("inf", "1,0\n1,inf\n", f"{at(2, 2)}'inf' is not a finite number"),
    refused("infinity", "1,0\n-Infinity,0\n", f"{at(2, 1)}'-Infinity' is not a finite number"),
    refused("overflow", "1e999,0\n", f"{at(1, 1)}'1e999' is not a finite number", "1.8e308"),
    refused("underscore", "1_000,0\n", f"{at(1, 1)}'1_000' is not a finite number", "-1234.5"),
    refused("wide-digits", "1,0\n１,0\n", f"{at(2, 1)}'１' is not a finite number"),
    refused("true", "1,2,0\n1,True,0\n", f"{at(2, 2)}'True'", "write 1 for true"),
    refused("huge-cell", f"1,0\n{'x' * 1000},0\n", f"{at(2, 1)}'{'x' * 37}...' is not"),
    refused("huger-cell", f"1,0\n{'1' * 200_000},0\n", "line 2 does not fall into values", "field limit"),
    # classes
    refused("half", "1,0.5\n", f"{at(1, 2)}0.5 is not a class number", "task='regression'"),
    refused("minus", "1,0\n1,-1\n", f"{at(2, 2)}-1 is not a class number"),
    refused("1e19", "1,1e19\n", f"{at(1, 2)}1e19 is not a class number", "task='regression'"),
    refused("1e300", "1,1e300\n", f"{at(1, 2)}1e300 is not a class number"),
    refused(
        "beyond-2-53", "1,9007199254740993\n", "column 'column 2': 9007199254740993 is not a class number"
    ),
    refused("almost-1", "1,0.99999999999999999999\n", "0.99999999999999999999 is not a class number"),
    refused("just-above-1", "1,1.00000000000000000001\n", "1.00000000000000000001 is not a class number"),
    refused("tiny", "1,1e-400\n", "1e-400 is not a class number"),
    refused("tiny-exponent", "1,1e-99999999999999999999\n", "1e-99999999999999999999 is not a class number"),
    refused("date", "1,0\n2,20240131\n", f"{at(2, 2)}20240131", "0, 1, 2 … 999", "task='regression'"),
    refused("year", "1,2024\n" * 3, f"{at(1, 2)}2024 is not a class number"),
    refused("class-1500-of-1500", "7,1500\n" * 1500, "1500 is not a class number 0, 1, 2 … 1499"),
    # missing values in the first line
    refused("first-NA", "NA,NA,NA\n1,2,0\n", f"{at(1, 1)}'NA' {MISSING}"),
    refused("first-question-marks", "?,?,?\n1,2,0\n", f"{at(1, 1)}'?' {MISSING}"),
    refused("first-null", "null,NULL,Null\n1,2,0\n", f"{at(1, 1)}'null' {MISSING}"),
    refused("first-None", "None,None,None\n1,2,0\n", f"{at(1, 1)}'None' {MISSING}"),
    refused("first-N/A", "N/A,n/a,#N/A\n1,2,0\n", f"{at(1, 1)}'N/A' {MISSING}"),
    refused("first-dashes", "-,-,--\n1,2,0\n", f"{at(1, 1)}'-' {MISSING}"),
    refused("first-NaN", "NaN,NaN,NaN\n1,2,0\n", f"{at(1, 1)}'NaN' {MISSING}"),
    refused("first-inf", "inf,inf,inf\n1,2,0\n", f"{at(1, 1)}'inf' is not a finite number"),
    refused("first-underscores", "1_0,2_0,3_0\n1,2,0\n", f"{at(1, 1)}'1_0' is not a finite number"),
    refused("first-NA-and-empty", ",NA,NA\n1,2,0\n", f"{at(1, 1)}the value is missing"),
    refused("first-NA-and-numbers", "NA,1,2\n1,2,0\n", f"{at(1, 1)}'NA' {MISSING}"),
    refused("first-NA-and-words", "a,NA,label\n1,2,0\n", f"{at(1, 2)}'NA' {MISSING}", "header=True"),
    # the header
    refused("word-and-numbers", "1,x\n1,0\n", f"{at(1, 2)}'x' is not a finite number", "header=True"),
    refused("names-and-numbers", "0,1,label\n5,6,0\n", f"{at(1, 3)}'label'", "header=True"),
    refused(
        "header-of-numbers",
        "0,1,2\n5,6,1\n",
        "line 1: 0, 1, 2 may name the columns",
        "header=True",
        "header=False",
    ),
    refused("header-of-many-numbers", "0,1,2,3\n5,6,1,0\n", "line 1: 0, 1, 2 … may name the columns"),
    refused("no-header-given", "a,label\n1,0\n", "line 1: no number, but 'a', 'label'", header=False),
    refused("same-names", "a,b,a,label\n1,2,3,0\n", "line 1: two columns are named 'a'; rename one"),
    refused("no-name", "a,,label\n1,2,0\n", "line 1: column 2 of 3 has no name; give it one"),
    refused(
        "header-in-the-middle",
        "1,2,0\na,b,label\n3,4,1\n",
        "line 2: no number, but 'a', 'b', 'label'",
        "delete",
    ),
    refused(
        "header-again",
        "a,label\n1,0\na,label\n2,1\n",
        "line 3: the names of the columns again",
        "delete the line",
    ),
    refused(
        "numbers-again", "0,1,2\n5,6,1\n0,1,2\n7,8,0\n", "line 3: the names of the columns again", header=True
    ),
    refused("header-alone", "a,b,label\n", NO_ROWS, "only the names 'a', 'b', 'label'"),
    refused("semicolons-alone", "a;b;label\n", NO_ROWS, "only the names 'a', 'b', 'label'"),
    # the index
    refused(
        "shuffled-index",
        ",a,label\n1,5,0\n0,6,1\n",
        "line 2, column '': a column without a name",
        "name it, or delete it",
    ),
    refused(
        "index-from-2",
        "Unnamed: 0,a,label\n2,5,0\n3,6,1\n",
        "line 2, column 'Unnamed: 0': a column without a name",
    ),
    refused(
        "r-row-names",
        '"a","label"\n"Mazda",5,1\n"Fiat",6,0\n',
        "line 2: 3 values where 2 columns are expected",
    ),
    refused("index-and-label", ",label\n0,5\n1,6\n", NO_ROWS, "line 2 holds '5'", INDEX),
    refused("index-alone", ";\n0;\n1;\n", "line 2: nothing follows the last of the semicolons"),
    # separators and decimals
    refused("one-column", "1\n2\n", NO_ROWS, "line 1 holds '1'"),
    refused("spaces", "1 2 0\n3 4 1\n", NO_ROWS, "line 1 holds '1 2 0'"),
    refused("long-row", "a,label\n1,0\n\n1,2,0\n", "line 4: 3 values where 2 columns are expected"),
    refused("short-row", "1,2,0\n1,0\n", "line 2: 2 values where 3 columns are expected"),
    refused("long-row-after-names", "a,label\n1,2,0\n", "line 2: 3 values where 2 columns are expected"),
    refused("trailing-commas", "a,b,label,\n1,2,0,\n", "line 1: nothing follows the last of the commas"),
    refused(
        "no-labels", "1,2,\n3,4,\n", "line 1: nothing follows the last of the commas", "fill in the labels"
    ),
    refused(
        "trailing-commas-in-rows",
        "a,b,label\n1,2,0,\n2,4,1,\n",
        "line 2: nothing follows the last of the commas",
    ),
    refused("empty-labels", "a,b,label\n1,2,\n2,4,\n", "line 2, column 'label': the value is missing"),
    refused(
        "semicolons-at-line-ends", "1,2,0;\n3,4,1;\n", f"{at(1, 3)}'0;' is not a finite number; write digits"
    ),
    refused("percents", "5%,6%,7%\n1,2,3\n", f"{at(1, 1)}'5%' is not a finite number; write digits"),
    refused(
        "comma-or-thousand",
        "a;label\n1,234;5\n2,345;6\n",
        "line 2, column 'a': '1,234' may be 1.234 or 1234",
        "decimal=','",
    ),
    refused(
        "point-or-thousand",
        "a;label\n1.234;5\n",
        "line 2, column 'a': '1.234' may be 1.234 or 1234",
        "decimal='.'",
    ),
    refused("quoted-thousand", '"1,234",5\n', f"{at(1, 1)}'1,234' may be 1.234 or 1234"),
    refused("german-thousands", "1.234,5;0\n2.345,6;1\n", f"{at(1, 1)}'1.234,5' separates thousands"),
    refused("english-thousands", "1,234.5;0\n2,345.6;1\n", f"{at(1, 1)}'1,234.5' separates thousands"),
    refused("quoted-thousands", '"1,234.5",0\n', f"{at(1, 1)}'1,234.5' separates thousands"),
    refused("millions", "1,234,567;0\n0,5;1\n", f"{at(1, 1)}'1,234,567' separates thousands"),
    refused("billions", "1,234,567,890;0\n", f"{at(1, 1)}'1,234,567,890' separates thousands"),
    refused("thousands-and-points", '"1,234.5",1.234,0\n', f"{at(1, 1)}'1,234.5' separates thousands"),
    refused("blanks-in-thousands", "1 234;0\n", f"{at(1, 1)}'1 234' separates thousands"),
    refused("both-marks", "1.5;0\n2,5;1\n", f"{at(2, 1)}'2,5' has a comma, '1.5' on line 1 a point"),
    refused("quoted-comma-and-point", '"1,5",2.5,0\n', f"{at(1, 1)}'1,5' has a comma"),
    refused(
        "wrong-mark-given", "1,5;0\n", f"{at(1, 1)}'1,5' has no decimal point", "decimal=','", decimal="."
    ),
    refused("wrong-comma-given", "1.5;0\n", f"{at(1, 1)}'1.5' has no decimal comma", decimal=","),
    # lines beside the table
    refused(
        "comment",
        "# made by hand\na,b,label\n1,2,0\n",
        "line 1: '# made by hand' is not a row of the table; delete",
    ),
    refused(
        "comment-below",
        "a,b,label\n1,2,0\n# the end, really\n",
        "line 3: '# the end' is not a row of the table",
    ),
    refused("sep", "sep=;\n1;2;0\n", "line 1: 'sep=' is not a row of the table; delete the line"),
    refused("total", "1,2,0\n3,4,1\ntotal,6\n", "line 3: 2 values where 3 columns are expected"),
    # quotation marks
    refused("open-quote", '1,2,0\n3,"4,1\n5,6,0\n', "line 2 does not fall into values", "a quotation mark"),
    refused(
        "open-quote-in-header", 'a,"b,label\n1,2,0\n', "line 1 does not fall into values", "a quotation mark"
    ),
    refused("text-behind-quote", '1,0\n"1"2,0\n', "line 2 does not fall into values", "a quotation mark"),
    refused("quote-in-a-value", '1,0\n1",0\n', f"{at(2, 1)}'1\"' is not a finite number"),
    # files that are empty, damaged or no CSV at all
    refused("empty", "", "it is empty"),
    refused("empty-gzip", "", "it is empty", file="own.csv.gz"),
    refused("no-bytes-in-gz", b"", "own.csv.gz must be a CSV file", file="own.csv.gz"),
    refused("blank-lines", "\n \n\t\n", "it is empty"),
    refused("mark-alone", "\ufeff", "it is empty"),
    refused("truncated-gzip", GZIPPED[:30], "is damaged", file="own.csv.gz"),
    refused("gzip-without-end", GZIPPED[:-8], "is damaged", file="own.csv.gz"),
    refused("gzip-wrong-crc", GZIPPED[:-8] + bytes(8), "is damaged (CRC check failed", file="own.csv.gz"),
    refused("gzip-and-more", GZIPPED + b"more", "is damaged", file="own.csv.gz"),
    refused("gzip-named-csv", GZIPPED, "it is compressed by gzip", "add .gz to the name"),
    refused("text-named-gz", b"1,0\n", "its bytes are not gzip's", file="own.csv.gz"),
    refused("zip", zipped("1,0\n"), "it starts like a ZIP archive", "save the table as CSV"),
    refused(
        "xlsx-in-gzip", gzip.compress(zipped("1,0\n")), "it starts like a ZIP archive", file="own.csv.gz"
    ),
    refused("parquet", b"PAR1\x15\x04\x15\x10PAR1", "it starts like a Parquet file"),
    refused("pickle", pickle.dumps([1, 0]), "it starts like a Python pickle"),
    refused("png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "it starts like a PNG picture"),
    refused(
        "html",
        "<!DOCTYPE html>\n<table><td>1,0</td></table>\n",
        "it starts like HTML or XML ('<!DOCTYPE html>",
    ),
    refused("json", json.dumps([[1, 0], [2, 1]]), "it starts like JSON ('[[1, 0], [2, 1]]')"),
    refused("json-objects", '{"a": 1, "label": 0}\n', "it starts like JSON"),
    refused("zero-byte", "1,0\n2,\0001\n", "line 2 holds a zero byte"),
    refused("utf-16-without-mark", "1,0\n".encode("utf-16-le"), "line 1 holds a zero byte", "'CSV UTF-8'"),
    refused("utf-32", "1,0\n".encode("utf-32"), "line 1 holds a zero byte"),
    refused("half-utf-16", "1,0\n".encode("utf-16")[:-1], "not whole UTF-16"),
    refused("mark-of-utf-16-before-ascii", b"\xff\xfe1,0\n", "own.csv must hold rows of two or more numbers"),
    refused("latin-1", "a,größe\n1,0\n".encode("latin-1"), "byte 0xf6 on line 1 is not UTF-8"),
    refused(
        "latin-1-below", "1,0\r2,é\r".encode("latin-1"), "byte 0xe9 on line 2 is not UTF-8", "'CSV UTF-8'"
    ),
]


@pytest.mark.parametrize(("file", "content", "options", "words"), REFUSED)
def test_what_is_wrong_with_a_table_is_said(tmp_path, file, content, options, words):
    path = write(tmp_path / file, content)
    with pytest.raises(ValueError, match=r"own\.csv") as error:
        load_table(path, **options)
    for part in (str(path), *words):
        assert part in str(error.value)
    assert len(str(error.value)) < len(str(path)) + 250


def test_a_file_that_is_not_there_is_named(tmp_path):
    for path in (tmp_path / "own.csv", tmp_path / f"own.csv{'x' * 1000}", "own.csv\0"):
        with pytest.raises(FileNotFoundError, match=r"own\.csv"):
            load_table(path)


def test_a_folder_is_named(tmp_path):
    with pytest.raises(ValueError, match=rf"{tmp_path.name} must be a CSV file.*it is a folder"):
        load_table(tmp_path)


def test_a_text_too_large_for_memory_is_named(tmp_path, monkeypatch):
    path = write(tmp_path / "own.csv.gz", "1,0\n" * 1000)
    monkeypatch.setattr(csv_files, "LARGEST", 4000)
    assert len(load_table(path).x) == 1000
    monkeypatch.setattr(csv_files, "LARGEST", 3999)
    with pytest.raises(ValueError, match=r"own\.csv\.gz .* more than 3,999 bytes"):
        load_table(path)


# ---- damage of every kind: an error that names the file, or a table of finite numbers

WHOLE = {
    "commas.csv": "a,b,label\n1,-2.5,0\n3e1,4,1\n",
    "index.csv": ',"a","b",label\n0,1,-2.5,0\n1,3e1,4,1\n',
    "semicolons.csv": '"a, b";c;label\n1,5;-2,5;0\n"3,25";4;1\n',
    "tabs.csv": "1,5\t-2,5\t0\n3\t4\t1\n".encode("utf-16"),
    "commas.csv.gz": "a,b,label\n1,-2.5,0\n3e1,4,1\n",
}


def damaged(whole):
    """A change of each bit and of whole bytes, every cut at either end, and each byte left out or doubled."""
    for i in range(len(whole)):
        for flip in (1, 2, 4, 8, 16, 32, 64, 128, 255):
            yield whole[:i] + bytes([whole[i] ^ flip]) + whole[i + 1 :]
        yield whole[:i]
        yield whole[i:]
        yield whole[:i] + whole[i + 1 :]
        yield whole[:i] + whole[i : i + 1] + whole[i:]


def outcome(path):
    try:
        table = load_table(path, task="regression")
    except ValueError as error:
        if str(path) not in str(error):
            raise
        return None
    assert isinstance(table, Table)
    assert table.x.shape[0] == table.y.shape[0] > 0
    assert table.x.shape[1] == len(table.columns) - 1 > 0
    assert np.isfinite(table.x).all()
    assert np.isfinite(table.y).all()
    return table


@pytest.mark.parametrize("file", WHOLE)
def test_no_damage_gives_another_error_or_numbers_that_are_none(tmp_path, file):
    path = write(tmp_path / file, WHOLE[file])
    tables = [outcome(write(path, content)) for content in damaged(path.read_bytes())]
    assert any(table is None for table in tables)
    assert any(table is not None for table in tables)


def test_a_damaged_gzip_never_gives_other_numbers(tmp_path):
    path = write(tmp_path / "own.csv.gz", WHOLE["commas.csv.gz"])
    whole = load_table(path)
    for content in damaged(path.read_bytes()):
        table = outcome(write(path, content))
        if table is not None:
            assert table.x.tolist() == whole.x.tolist()
            assert table.y.tolist() == whole.y[:, None].tolist()
            assert table.columns == whole.columns
