using System.Reflection;
using System.Runtime.InteropServices;

namespace System.Device.Polyfill.Tests.Kernel;

/// <summary>
/// Where the runtime puts the fields of a sequential structure, on a machine whose pointers have the given size: each on the next multiple
/// of its own size. That is the rule of C on ARM and on x86-64 too.
/// </summary>
internal static class SequentialLayout
{
    public static (int Size, int[] Offsets) Of(Type structure, int pointerSize)
    {
        Assert.Equal(LayoutKind.Sequential, structure.StructLayoutAttribute!.Value);
        int at = 0, alignment = 1;
        var offsets = new List<int>();
        foreach (FieldInfo field in structure.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(field => field.MetadataToken))
        {
            int size = SizeOf(field.FieldType, pointerSize);
            at = RoundUp(at, size);
            offsets.Add(at);
            at += size;
            alignment = Math.Max(alignment, size);
        }
        return (RoundUp(at, alignment), [.. offsets]);
    }

    private static int SizeOf(Type type, int pointerSize) =>
        type.IsPointer ? pointerSize : Marshal.SizeOf(type.IsEnum ? type.GetEnumUnderlyingType() : type);

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
