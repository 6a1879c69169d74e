using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Container.Engine.Images;

/// <summary>
/// The variants of an architecture (image-spec, image-index.md): the levels of x86-64 (its psABI) and the versions of
/// Arm.
/// </summary>
internal static class ProcessorVariant
{
    /// <summary>How good a variant is for this processor; negative if it does not run here.</summary>
    public static int Rank(string? variant) => Rank(variant, RuntimeInformation.ProcessArchitecture, Supported());

    /// <summary>The same for a processor of this architecture and level.</summary>
    public static int Rank(string? variant, Architecture architecture, int supported)
    {
        if (string.IsNullOrEmpty(variant)) return architecture == Architecture.X64 ? 10 : 0;
        return decimal.TryParse(
            variant.TrimStart('v'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal level)
            && level is > 0 and < 100 && level * 10 <= supported ? (int)(level * 10) : -1;
    }

    // Ten times the level, because there is an Armv8.1.
    private static int Supported() => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => X64(),
        Architecture.Arm64 => Dp.IsSupported ? 82 : Rdm.IsSupported ? 81 : 80,
        Architecture.Arm => 70,
        _ => 0,
    };

    private static int X64()
    {
        if (!Sse42.IsSupported || !Popcnt.IsSupported) return 10;
        bool third = Avx2.IsSupported && Bmi1.IsSupported && Bmi2.IsSupported && Fma.IsSupported && Lzcnt.IsSupported;
        if (!third) return 20;
        return Avx512F.VL.IsSupported && Avx512BW.IsSupported && Avx512CD.IsSupported && Avx512DQ.IsSupported ? 40 : 30;
    }
}
