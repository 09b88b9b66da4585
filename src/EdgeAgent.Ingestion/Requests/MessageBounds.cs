using System.Text.Json;
using EdgeAgent.Protocol.V1;

namespace EdgeAgent.Ingestion.Requests;

/// <summary>What is accepted of a device: sizes, and nothing that could not be shown.</summary>
internal static class MessageBounds
{
    /// <summary>128 KiB: a status with hundreds of series. As session.proto says.</summary>
    private const int AnswerBytes = 128 * 1024;

    private const int MessageCharacters = 1_000;
    private const int VersionCharacters = 100;
    private const int Allowances = 64;
    private const int AllowanceCharacters = 300;

    public static bool IsHello(SessionHello? hello) => hello is not null && hello.AgentVersion.Length <= VersionCharacters && hello.Allowed.Count <= Allowances
        && hello.Allowed.All(static word => word.Length is > 0 and <= AllowanceCharacters && !word.Contains('\n', StringComparison.Ordinal));

    public static bool IsAnswer(RemoteAnswer? answer) => answer is not null && answer.CalculateSize() <= AnswerBytes && answer.Message.Length <= MessageCharacters
        && (answer.ContentCase != RemoteAnswer.ContentOneofCase.Document || IsJson(answer.Document.Json.Memory));

    private static bool IsJson(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
