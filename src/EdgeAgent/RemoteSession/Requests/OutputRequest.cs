using EdgeAgent.Protocol.V1;
using EdgeAgent.Sensors.Gpio;

namespace EdgeAgent.RemoteSession.Requests;

/// <summary>Sets an output that the configuration declares.</summary>
internal sealed class OutputRequest(IOutputs? outputs = null) : IRequestHandler
{
    public RemoteRequest.KindOneofCase Kind => RemoteRequest.KindOneofCase.Output;

    public ValueTask<RequestResult> HandleAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        string series = request.Output.Series;
        string word = request.Output.Value ? "on" : "off";
        return new((outputs?.TrySet(series, request.Output.Value) ?? OutputOutcome.Unknown) switch
        {
            OutputOutcome.Set => RequestResult.Of(RemoteOutcome.Done, $"{series} is {word}."),
            OutputOutcome.Unknown => RequestResult.Of(RemoteOutcome.Unknown, $"The configuration has no output {series}."),
            OutputOutcome.Absent => RequestResult.Of(RemoteOutcome.Failed, "The line is not there now. Once it is back it has its safe state; set it then."),
            _ => RequestResult.Of(RemoteOutcome.Failed, "The chip did not take it. What the line drives now is not known."),
        });
    }
}
