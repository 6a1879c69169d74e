using System.Globalization;
using System.Runtime.CompilerServices;

namespace Container.Runtime.Messages;

/// <summary>The text of a line that only --debug prints: without it nothing of it is put together.</summary>
[InterpolatedStringHandler]
internal ref struct DebugText
{
    private DefaultInterpolatedStringHandler text;

    public DebugText(int literalLength, int formattedCount, Log log, out bool isWanted)
    {
        isWanted = log.HasDebug;
        if (isWanted)
            text = new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture);
    }

    public void AppendLiteral(string value) => text.AppendLiteral(value);

    public void AppendFormatted(string? value) => text.AppendFormatted(value);

    public void AppendFormatted(int value) => text.AppendFormatted(value);

    /// <summary>What was put together.</summary>
    public string Take() => text.ToStringAndClear();
}
