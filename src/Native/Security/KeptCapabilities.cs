using Container.Native.Syscalls;

namespace Container.Native.Security;

/// <summary>
/// This thread keeps its capabilities while its ids change: SECBIT_NO_SETUID_FIXUP of capabilities(7), without which the
/// kernel takes them away. Disposing brings the usual rule back.
/// </summary>
internal readonly struct KeptCapabilities : IDisposable
{
    private const int PR_GET_SECUREBITS = 27;
    private const int PR_SET_SECUREBITS = 28;
    private const int SECBIT_NO_SETUID_FIXUP = 4;

    private readonly int bits;

    private KeptCapabilities(int bits) => this.bits = bits;

    public static KeptCapabilities Begin()
    {
        int bits = SystemCallException.Check(
            Credentials.prctl(PR_GET_SECUREBITS, 0, 0, 0, 0), "prctl", "PR_GET_SECUREBITS");
        Set(bits | SECBIT_NO_SETUID_FIXUP);
        return new KeptCapabilities(bits);
    }

    public void Dispose() => Set(bits);

    private static void Set(int bits) => SystemCallException.Check(
        Credentials.prctl(PR_SET_SECUREBITS, (nuint)bits, 0, 0, 0), "prctl", "PR_SET_SECUREBITS");
}
