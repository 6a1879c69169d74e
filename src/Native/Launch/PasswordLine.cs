using System.Runtime.InteropServices;

namespace Container.Native.Launch;

/// <summary>
/// Looks for a user in passwd(5), byte by byte: <c>name:password:UID:GID:GECOS:directory:shell</c>. It runs after clone.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PasswordLine
{
    private const int UserField = 2;
    private const int HomeField = 5;

    /// <summary>Who is looked for.</summary>
    public uint User;

    /// <summary>Takes the directory.</summary>
    public byte* Home;

    /// <summary>How much there is room for.</summary>
    public int Size;

    private int field;
    private int digits;
    private ulong number;
    private int length;

    /// <summary>A new line.</summary>
    public static void Begin(PasswordLine* line)
    {
        line->field = 0;
        line->digits = 0;
        line->number = 0;
        line->length = 0;
    }

    /// <summary>Takes the next byte; true when the user has been found.</summary>
    public static bool Take(PasswordLine* line, byte value)
    {
        if (value is (byte)'\n' or (byte)':')
        {
            if (line->field == HomeField && IsUser(line))
            {
                if (line->length > 0 && line->length < line->Size) line->Home[line->length] = 0;
                return true;
            }

            line->field++;
            if (value == (byte)'\n') Begin(line);
            return false;
        }

        if (line->field == UserField) TakeDigit(line, value);
        else if (line->field == HomeField && IsUser(line)) TakeHome(line, value);
        return false;
    }

    private static bool IsUser(PasswordLine* line) => line->digits > 0 && line->number == line->User;

    private static void TakeDigit(PasswordLine* line, byte value)
    {
        bool isDigit = value is >= (byte)'0' and <= (byte)'9';
        line->number = isDigit && line->number <= uint.MaxValue ? (line->number * 10) + value - '0' : ulong.MaxValue;
        line->digits++;
    }

    // What is not absolute is no home, and what does not fit or holds a NUL no path.
    private static void TakeHome(PasswordLine* line, byte value)
    {
        bool isPath = line->length > 0 ? value != 0 : value == (byte)'/';
        if (isPath && line->length < line->Size - 1)
        {
            line->Home[line->length++] = value;
            return;
        }

        line->Home[0] = (byte)'/';
        line->Home[1] = 0;
        line->length = line->Size;
    }
}
