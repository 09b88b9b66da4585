namespace EdgeAgent.Sensors;

/// <summary>Where the kernel's files are looked for: a folder that holds <c>sys</c>, <c>proc</c> and <c>dev</c>.</summary>
internal sealed record HardwareRoot(string Folder)
{
    /// <summary>The running kernel's own.</summary>
    public static HardwareRoot Kernel { get; } = new("/");

    /// <param name="path">An absolute path of the running kernel, such as /sys/bus/iio/devices.</param>
    public string At(string path) => Path.Join(Folder.TrimEnd('/'), path);
}
