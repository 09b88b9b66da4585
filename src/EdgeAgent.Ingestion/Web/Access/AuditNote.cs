namespace EdgeAgent.Ingestion.Web.Access;

/// <summary>What a handler adds to the audit's entry of its request. A device that its path names is in it without that.</summary>
internal sealed class AuditNote
{
    public string? Device { get; private set; }

    public string? Text { get; private set; }

    /// <param name="context">The request.</param>
    /// <param name="device">The device that it is about, where its path does not say it.</param>
    /// <param name="text">What is changed, in words; nothing secret.</param>
    public static void Set(HttpContext context, string? device, string? text)
    {
        if (context.Features.Get<AuditNote>() is { } note)
        {
            (note.Device, note.Text) = (device, text);
        }
    }
}
