using System.Text;
using EdgeAgent.Ingestion.Configs;

namespace EdgeAgent.Ingestion.Tests.Configs;

public sealed class LayerDocumentTests
{
    private const int Limit = 64 * 1024;

    [Fact]
    public void Comments_and_white_space_are_dropped_and_the_rest_is_kept_as_it_was_written()
    {
        byte[] document = Read("\uFEFF// why\n{ \"b\": [1.50, 1e3, -0, true, null, {}], /* not */ \"a\": \"Grüße \\u00fc < \\\"\", }").Document!;
        Assert.Equal("""{"b":[1.50,1e3,-0,true,null,{}],"a":"Grüße ü < \""}""", Encoding.UTF8.GetString(document));
    }

    [Fact]
    public void Every_error_is_told_with_its_line_and_column_and_pointer()
    {
        IReadOnlyList<DocumentProblem> problems = Read(
            """
            {
              "sensors": [ { "id": 1 }, { "id": 1, "ü/x": 2, "id": 3 } ],
              "identity": { "a": 1 }, "spool": null, "device": { "state": "/tmp" },
              "cloud": { "key": "x", "rate": "1kB" }, "cloud": {}
            }
            """).Problems;
        Assert.Equal(
            [
                "2:50: /sensors/1/id: The name stands in this object twice. Remove one of them.",
                "3:3: /identity: It belongs to the device's own file. Remove it.",
                "3:36: /spool: It would take away what belongs to the device's own file. Write an object.",
                "3:54: /device/state: It belongs to the device's own file. Remove it.",
                "4:14: /cloud/key: It belongs to the device's own file. Remove it.",
                "4:43: /cloud: The name stands in this object twice. Remove one of them.",
            ],
            problems.Select(problem => problem.ToString()));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("")]
    [InlineData("// nothing")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"\\udc00\":1}")]
    [InlineData("{'a':1}")]
    public void What_is_not_one_json_object_is_a_problem_and_not_a_crash(string text)
    {
        (byte[]? document, IReadOnlyList<DocumentProblem> problems) = Read(text);
        Assert.Null(document);
        Assert.Single(problems);
    }

    [Fact]
    public void What_is_too_large_too_deep_or_no_text_is_refused()
    {
        Assert.Contains("65537 bytes", Assert.Single(Read(new string(' ', Limit + 1)).Problems).Message, StringComparison.Ordinal);
        Assert.Null(Read(string.Concat(Enumerable.Repeat("{\"a\":", 65)) + "1" + new string('}', 65)).Document);
        Assert.NotNull(Read(string.Concat(Enumerable.Repeat("{\"a\":", 64)) + "1" + new string('}', 64)).Document);
        Assert.False(LayerDocument.TryRead([(byte)'{', 0xff, (byte)'}'], Limit, out _, out _));
    }

    [Fact]
    public void A_file_of_nothing_but_mistakes_is_told_in_part()
    {
        string text = "{" + string.Join(',', Enumerable.Repeat("\"a\":1", 5_000)) + "}";
        Assert.Equal(100, Read(text).Problems.Count);
    }

    private static (byte[]? Document, IReadOnlyList<DocumentProblem> Problems) Read(string text)
    {
        LayerDocument.TryRead(Encoding.UTF8.GetBytes(text), Limit, out byte[]? document, out IReadOnlyList<DocumentProblem> problems);
        return (document, problems);
    }
}
