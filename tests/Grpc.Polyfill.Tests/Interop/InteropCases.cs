using EdgeAgent.Interop.Cases;

namespace Grpc.Polyfill.Tests.Interop;

/// <summary>The cases as data of a theory.</summary>
internal static class InteropCases
{
    /// <summary>All but those that a peer cannot do, which a test of their own pins.</summary>
    public static TheoryData<string> AllBut(params string[] gaps) =>
        new(InteropCase.Public.Concat(InteropCase.Own).Select(each => each.Name).Except(gaps));
}
