using System.Globalization;
using EdgeAgent.Testing;

namespace System.Device.Polyfill.Tests.Kernel;

/// <summary>The table against the kernel's headers, as the C compiler of each architecture lays them out. layouts.c prints what they say.</summary>
public sealed class KernelLayoutTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [InstalledFact("gcc")]
    public async Task The_headers_of_this_machine_say_what_the_table_says() =>
        AssertTable(await PrintedAsync("gcc", null), layout => layout.Wide);

    [InstalledFact("aarch64-linux-gnu-gcc", "qemu-aarch64", "/usr/aarch64-linux-gnu/lib/libc.a")]
    public async Task On_64_bit_ARM_the_headers_say_what_the_table_says() =>
        AssertTable(await PrintedAsync("aarch64-linux-gnu-gcc", "qemu-aarch64"), layout => layout.Wide);

    [InstalledFact("arm-linux-gnueabihf-gcc", "qemu-arm", "/usr/arm-linux-gnueabihf/lib/libc.a")]
    public async Task On_32_bit_ARM_the_headers_say_what_the_table_says() =>
        AssertTable(await PrintedAsync("arm-linux-gnueabihf-gcc", "qemu-arm"), layout => layout.Narrow);

    private static void AssertTable(IReadOnlyDictionary<string, ulong> printed, Func<(ulong Wide, ulong Narrow), ulong> width) =>
        Assert.Equal(KernelLayouts.All.ToDictionary(layout => layout.Key, layout => width(layout.Value)), printed);

    /// <summary>Linked statically, so that the emulator needs no libraries of the other architecture.</summary>
    private static async Task<IReadOnlyDictionary<string, ulong>> PrintedAsync(string compiler, string? emulator)
    {
        using var folder = new TemporaryFolder();
        string source = Path.Combine(AppContext.BaseDirectory, "Kernel/layouts.c");
        (int compiled, string messages) = await ForeignProcess.RunAsync(compiler, ["-Wall", "-Werror", "-static", "-o", folder["layouts"], source], Patience);
        Assert.True(compiled == 0, messages);
        (int ran, string printed) = emulator is null
            ? await ForeignProcess.RunAsync(folder["layouts"], [], Patience)
            : await ForeignProcess.RunAsync(emulator, [folder["layouts"]], Patience);
        Assert.Equal(0, ran);
        return printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('='))
            .ToDictionary(pair => pair[0], pair => ulong.Parse(pair[1], CultureInfo.InvariantCulture));
    }
}
