namespace EdgeAgent.Interop.Cases;

/// <summary>A case, by its public name. Throws where the peer fails it.</summary>
internal sealed record InteropCase(string Name, Func<TestClient, Task> RunAsync)
{
    /// <summary>The cases of the description in its order, but for those that need a caching proxy or a cloud's credentials.</summary>
    public static IReadOnlyList<InteropCase> Public { get; } =
    [
        new("empty_unary", UnaryCases.EmptyAsync),
        new("large_unary", UnaryCases.LargeAsync),
        new("client_compressed_unary", CompressionCases.ClientUnaryAsync),
        new("server_compressed_unary", CompressionCases.ServerUnaryAsync),
        new("client_streaming", StreamingCases.ClientAsync),
        new("client_compressed_streaming", CompressionCases.ClientStreamingAsync),
        new("server_streaming", StreamingCases.ServerAsync),
        new("server_compressed_streaming", CompressionCases.ServerStreamingAsync),
        new("ping_pong", StreamingCases.PingPongAsync),
        new("empty_stream", StreamingCases.EmptyAsync),
        new("custom_metadata", MetadataCases.CustomAsync),
        new("status_code_and_message", StatusCases.CodeAndMessageAsync),
        new("special_status_message", StatusCases.SpecialMessageAsync),
        new("unimplemented_method", StatusCases.UnimplementedMethodAsync),
        new("unimplemented_service", StatusCases.UnimplementedServiceAsync),
        new("cancel_after_begin", CancellationCases.AfterBeginAsync),
        new("cancel_after_first_response", CancellationCases.AfterFirstResponseAsync),
        new("timeout_on_sleeping_server", CancellationCases.TimeoutAsync),
    ];

    /// <summary>This project's own cases, which other implementations' programs do not know.</summary>
    public static IReadOnlyList<InteropCase> Own { get; } = [new("rich_status_details", StatusCases.RichDetailsAsync)];

    /// <summary>The cases that a name stands for: <c>all</c> for the public ones, nothing for a name that is not known.</summary>
    public static IReadOnlyList<InteropCase> Find(string name) =>
        name == "all" ? Public : [.. Public.Concat(Own).Where(each => each.Name == name)];
}
