import type { Language } from './text.ts';

/** How to run a release: with this repository, with transformers, with llama.cpp. */
export function usage(name: string, language: Language): string {
  const say = (fr: string, en: string) => (language === 'fr' ? fr : en);
  return `\`\`\`sh
./lucie chat ${name} --prompt "Bonjour"
./lucie serve ${name}
\`\`\`

${say('Avec transformers, depuis ce dossier :', 'With transformers, in this folder:')}

\`\`\`python
from transformers import AutoModelForCausalLM, AutoTokenizer
model = AutoModelForCausalLM.from_pretrained(".")
tokenizer = AutoTokenizer.from_pretrained(".")
chat = [{"role": "user", "content": "Quelle est la capitale de la France ?"}]
prompt = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)
print(tokenizer.decode(model.generate(**prompt, max_new_tokens=64)[0]))
\`\`\`

${say('Avec llama.cpp :', 'With llama.cpp:')}

\`\`\`sh
llama-completion -m ${name}-Q8_0.gguf -st -n 64 -p "Quelle est la capitale de la France ?"
llama-completion -m ${name}-Q8_0.gguf -no-cnv -n 64 -p "Le conseil municipal"
\`\`\`

${say(
  'Sur un processeur doté d’AMX, llama.cpp v0.5.0 compilé avec gcc 12 a besoin de `--no-repack`.',
  'On a processor with AMX, llama.cpp v0.5.0 compiled with gcc 12 needs `--no-repack`.',
)}`;
}
