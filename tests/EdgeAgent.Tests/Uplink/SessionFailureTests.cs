using EdgeAgent.Uplink;
using Grpc.Core;

namespace EdgeAgent.Tests.Uplink;

public sealed class SessionFailureTests
{
    [Theory]
    [InlineData(StatusCode.Unavailable, "edge-retry-after-ms", "1500", 1.5)]
    [InlineData(StatusCode.ResourceExhausted, "edge-retry-after-ms", "18446744073709551615", 86_400)]
    [InlineData(StatusCode.Unauthenticated, "edge-retry-after-ms", "60000", 60)]
    [InlineData(StatusCode.Unavailable, "grpc-retry-pushback-ms", "250", 0.25)]
    [InlineData(StatusCode.Unavailable, "grpc-retry-pushback-ms", "-1", 0)]
    [InlineData(StatusCode.Unavailable, "edge-retry-after-ms", "soon", 0)]
    [InlineData(StatusCode.Unavailable, "other", "1", 0)]
    public void A_refusal_may_say_when_to_come_again(StatusCode status, string trailer, string value, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), SessionFailure.Of(SessionScript.Status(status, (trailer, value))).RetryAfter);

    [Fact]
    public void The_contracts_word_counts_before_that_of_gRPC() => Assert.Equal(
        TimeSpan.FromSeconds(2),
        SessionFailure.Of(SessionScript.Status(StatusCode.Unavailable, ("grpc-retry-pushback-ms", "1"), ("edge-retry-after-ms", "2000"))).RetryAfter);

    [Fact]
    public void No_room_for_a_named_record_and_no_room_for_now_and_no_room_for_who_knows_what_are_three_things()
    {
        Assert.Equal(
            (SessionFailureKind.RecordRefused, 7ul),
            Meaning(SessionScript.Status(StatusCode.ResourceExhausted, ("edge-refused-sequence", "7"))));
        Assert.Equal(
            (SessionFailureKind.Transient, 0ul), Meaning(SessionScript.Status(StatusCode.ResourceExhausted, ("edge-retry-after-ms", "7"))));
        Assert.Equal((SessionFailureKind.TooMuch, 0ul), Meaning(SessionScript.Status(StatusCode.ResourceExhausted)));
    }

    [Fact]
    public void A_rejected_session_and_a_peer_that_is_no_ingestion_service_are_two_things()
    {
        Assert.Equal(SessionFailureKind.Rejected, Meaning(SessionScript.Status(StatusCode.InvalidArgument)).Kind);
        Assert.Equal(SessionFailureKind.NotServed, Meaning(SessionScript.Status(StatusCode.Unimplemented)).Kind);
    }

    private static (SessionFailureKind Kind, ulong Sequence) Meaning(RpcException failure)
    {
        SessionFailure meaning = SessionFailure.Of(failure);
        return (meaning.Kind, meaning.Sequence);
    }
}
