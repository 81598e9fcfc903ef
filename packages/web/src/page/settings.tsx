import type { ModelInfo } from './api.ts';
import { useLocale } from './locale.tsx';
import type { ChatSettings } from './use-chat.ts';

export function Settings(props: {
  settings: ChatSettings;
  models: ModelInfo[];
  onChange: (settings: ChatSettings) => void;
}) {
  const { t, format } = useLocale();
  const { settings, models, onChange } = props;
  const longest = models.find((model) => model.id === settings.model)?.context_length ?? settings.maxTokens;
  return (
    <details className="settings">
      <summary>{t.settings}</summary>
      <div className="fields">
        {models.length > 1 && (
          <div>
            <label htmlFor="model">{t.chooseModel}</label>
            <select
              id="model"
              value={settings.model}
              onChange={(event) => onChange({ ...settings, model: event.target.value })}
            >
              {models.map((model) => (
                <option key={model.id}>{model.id}</option>
              ))}
            </select>
          </div>
        )}
        <div>
          <label htmlFor="temperature">
            {t.temperature} <output htmlFor="temperature">{format.decimal(settings.temperature, 1)}</output>
          </label>
          <input
            id="temperature"
            type="range"
            min="0"
            max="1.5"
            step="0.1"
            value={settings.temperature}
            aria-describedby="temperature-help"
            onChange={(event) => onChange({ ...settings, temperature: event.target.valueAsNumber })}
          />
          <p id="temperature-help" className="hint">
            {t.temperatureHelp}
          </p>
        </div>
        <div>
          <label htmlFor="max-tokens">
            {t.maxTokens} <output htmlFor="max-tokens">{format.whole(settings.maxTokens)}</output>
          </label>
          <input
            id="max-tokens"
            type="range"
            min="8"
            max={Math.max(longest, settings.maxTokens)}
            step="8"
            value={settings.maxTokens}
            aria-describedby="max-tokens-help"
            onChange={(event) => onChange({ ...settings, maxTokens: event.target.valueAsNumber })}
          />
          <p id="max-tokens-help" className="hint">
            {t.maxTokensHelp}
          </p>
        </div>
      </div>
    </details>
  );
}
