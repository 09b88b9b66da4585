namespace EdgeAgent.Protocol.Tests;

/// <summary>docs/protocol.md is what people write clients from: its example and its client must be the tested ones.</summary>
public sealed class DocumentTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "protocol.md"));

    [Fact]
    public void The_worked_example_is_the_golden_one() =>
        Assert.Contains($"```\n{GoldenBytesTests.Example}\n```", Document, StringComparison.Ordinal);

    [Fact]
    public void The_client_in_the_document_is_the_tested_one()
    {
        string client = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "foreign", "python", "upload_client.py"));
        Assert.Contains($"```python\n{client}```", Document, StringComparison.Ordinal);
    }
}
