using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace EdgeAgent.Interop.Serving;

/// <summary>
/// The rich error of the case <c>rich_status_details</c>, which is this project's own: a call with the metadata
/// <c>x-edge-interop-status-details</c> that asks for a status gets it with these details in the trailer <c>grpc-status-details-bin</c>.
/// Every peer builds them with its own messages, and the client expects exactly these.
/// </summary>
internal static class StatusDetails
{
    public const string RequestKey = "x-edge-interop-status-details";
    public const string TrailerKey = "grpc-status-details-bin";

    public static BadRequest BadRequest => new()
    {
        FieldViolations =
        {
            new BadRequest.Types.FieldViolation { Field = "batch.blocks[3].series", Description = "größer als 100 %" },
            new BadRequest.Types.FieldViolation { Field = "batch.readings", Description = "" },
        },
    };

    public static RetryInfo RetryInfo => new() { RetryDelay = new Duration { Seconds = 1, Nanos = 500_000_000 } };

    public static ErrorInfo ErrorInfo => new()
    {
        Reason = "SERIES_UNKNOWN",
        Domain = "edge.example",
        Metadata = { { "series", "7" }, { "lane", "live" } },
    };

    public static Google.Rpc.Status Create(int code, string message) => new()
    {
        Code = code,
        Message = message,
        Details = { Any.Pack(BadRequest), Any.Pack(RetryInfo), Any.Pack(ErrorInfo) },
    };

    public static Metadata ToTrailers(Google.Rpc.Status status) => new() { { TrailerKey, status.ToByteArray() } };
}
