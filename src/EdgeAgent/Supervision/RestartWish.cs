using Microsoft.Extensions.Hosting;

namespace EdgeAgent.Supervision;

/// <summary>Somebody wants the agent to begin anew. It ends in order, and its exit code says why: whoever supervises it starts it again.</summary>
internal sealed class RestartWish(IHostApplicationLifetime lifetime)
{
    private volatile bool _isMade;

    public bool IsMade => _isMade;

    public void Make()
    {
        _isMade = true;
        lifetime.StopApplication();
    }
}
