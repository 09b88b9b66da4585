namespace EdgeAgent.Interop.Cases;

/// <summary>A case of the public interop description, by its public name. Throws where the peer fails it.</summary>
internal sealed record InteropCase(string Name, Func<TestClient, Task> RunAsync)
{
    /// <summary>All cases, in the order of the description; the last one is this project's own.</summary>
    public static IReadOnlyList<InteropCase> All { get; } =
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
        new("rich_status_details", StatusCases.RichDetailsAsync),
    ];
}
