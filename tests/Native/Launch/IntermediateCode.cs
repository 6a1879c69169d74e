using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Container.Native.Tests.Launch;

/// <summary>The instructions of a method body, as they stand in the assembly.</summary>
internal static class IntermediateCode
{
    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <summary>Every instruction with its operand's metadata token, or 0.</summary>
    public static IEnumerable<(OpCode Code, int Token)> Read(MethodBodyBlock body)
    {
        byte[] bytes = body.GetILBytes()!;
        int position = 0;
        while (position < bytes.Length)
        {
            short value = bytes[position++];
            if (value == 0xFE) value = (short)(0xFE00 | bytes[position++]);
            OpCode code = Codes[value];
            int token = 0;
            int size;
            switch (code.OperandType)
            {
                case OperandType.InlineNone:
                    size = 0;
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    size = 1;
                    break;
                case OperandType.InlineVar:
                    size = 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    size = 8;
                    break;
                case OperandType.InlineSwitch:
                    size = 4 + (4 * BitConverter.ToInt32(bytes, position));
                    break;
                default:
                    size = 4;
                    token = BitConverter.ToInt32(bytes, position);
                    break;
            }

            position += size;
            yield return (code, token);
        }
    }
}
